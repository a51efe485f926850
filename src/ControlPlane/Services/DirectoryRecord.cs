using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Services;

/// <summary>What is stored of the directory: everything else its keepers can tell again.</summary>
/// <param name="Names">The services, in order.</param>
/// <param name="Epochs">Of each the highest epoch that was told; what a keeper of an earlier one says does not count any more.</param>
/// <param name="Gone">Services of which a tombstone is stored yet.</param>
/// <param name="Floor">No epoch of a service that is gone was higher: where a name begins anew, it begins above.</param>
internal sealed record DirectoryRecord(
    ValueList<string> Names, ValueList<long>? Epochs = null, ValueList<GoneService>? Gone = null, long Floor = 0);

/// <param name="At">When nothing was left of it but its tombstone.</param>
internal sealed record GoneService(string Name, DateTimeOffset At);
