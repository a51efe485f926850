using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Services;

/// <summary>What is stored of the directory: everything else its keepers can tell again.</summary>
/// <param name="Names">The services, in order.</param>
/// <param name="Epochs">Of each the highest epoch that was told; what a keeper of an earlier one says does not count any more.</param>
internal sealed record DirectoryRecord(ValueList<string> Names, ValueList<long>? Epochs = null);
