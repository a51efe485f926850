namespace LocalDapr;

/// <summary>What a sidecar knows of its app, at one moment.</summary>
/// <param name="AppHealthy">Whether calls reach the app.</param>
/// <param name="WhyUnhealthy">What the last look at the app told, when it is not healthy.</param>
public sealed record SidecarStatus(bool AppHealthy, string? WhyUnhealthy);
