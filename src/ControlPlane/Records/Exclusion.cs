namespace Orchestrator.ControlPlane.Records;

/// <param name="Until">The worker is not chosen for this service before.</param>
/// <param name="IsFailure">The worker could not run an instance; when no worker can, it is the instance's failure.</param>
internal sealed record Exclusion(string Worker, DateTimeOffset Until, string Why, bool IsFailure = false);
