using Orchestrator.Contracts.Services;

namespace Orchestrator.Contracts.Listing;

/// <summary>Which services are asked for; what is not given leaves out none.</summary>
/// <param name="Label">The key of a label that a service must have.</param>
/// <param name="LabelValue">The value that this label must have.</param>
/// <param name="Worker">A worker on which it must have instances.</param>
public sealed record ServiceFilter(string? Label = null, string? LabelValue = null, ServiceState? State = null, string? Worker = null)
{
    public bool Takes(ServiceSummary service) =>
        (State is null || service.State == State)
        && (Worker is null || service.Workers.Contains(Worker))
        && (Label is null || (service.Labels[Label] is { } value && (LabelValue is null || value == LabelValue)));
}
