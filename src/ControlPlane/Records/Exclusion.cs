namespace Orchestrator.ControlPlane.Records;

/// <param name="Until">The worker is not chosen for this service before.</param>
internal sealed record Exclusion(string Worker, DateTimeOffset Until, string Why);
