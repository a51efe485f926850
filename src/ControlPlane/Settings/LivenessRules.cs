namespace Orchestrator.ControlPlane.Settings;

/// <summary>How long silence is forgiven.</summary>
internal sealed record LivenessRules
{
    /// <summary>Silence after which nothing new goes to a worker.</summary>
    public TimeSpan SuspectAfter { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>The lease: silence after which a worker is lost and its instances are replaced.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A lost worker that stays away for so long is forgotten.</summary>
    public TimeSpan ForgottenAfter { get; init; } = TimeSpan.FromDays(1);
}
