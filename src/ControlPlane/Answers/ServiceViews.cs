using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Answers;

/// <summary>Wish, decisions and observations side by side, for the API.</summary>
internal static class ServiceViews
{
    /// <summary>A service is told whole, and Dapr carries at most 4 MiB.</summary>
    private const int ShownWithProbes = 500;

    public static ServiceView View(ServiceRecord record, Plan plan, Observations observed, bool isObserved) => new()
    {
        Name = record.Name,
        Revision = record.Revision,
        Epoch = record.Epoch,
        Spec = record.Spec,
        Content = record.FindRevision(record.Revision)?.Content ?? new(),
        Notes = ContentNotes.Of(record, observed),
        Withdrawing = record.Withdrawn,
        Observed = isObserved,
        Running = isObserved ? plan.Ready : null,
        State = State(record, plan, isObserved),
        Instances = record.Instances.Select((i, at) => Instance(i, observed, withProbes: at < ShownWithProbes)).ToValueList(),
        Waiting = plan.Waiting,
        Rollout = plan.Rollout,
        Paused = record.Rollout?.Paused,
        LastRollout = record.LastRollout,
        Job = JobViews.Of(record),
        Stack = record.Stack,
    };

    /// <summary>A line of the list.</summary>
    public static ServiceSummary Summary(ServiceRecord record, Plan plan, bool isObserved) => new()
    {
        Name = record.Name,
        Image = record.Spec.Container.Image,
        Revision = record.Revision,
        Wanted = record.Wanted,
        Observed = isObserved,
        Running = isObserved ? plan.Ready : null,
        Withdrawing = record.Withdrawn,
        State = State(record, plan, isObserved),
        Waiting = plan.Waiting is [var first, ..] ? first : null,
        Progress = record.Job is null ? null : JobViews.Progress(record),
        Labels = record.Spec.Labels,
        Uses = Pinning.Uses(record),
        Workers = record.Instances.Select(instance => instance.Worker).Distinct().Order(StringComparer.Ordinal).ToValueList(),
    };

    /// <summary>The line of a service whose record cannot be read.</summary>
    public static ServiceSummary Unreadable(string name, string problem) => new()
    {
        Name = name, Image = "", Revision = 0, Wanted = 0, Observed = false, State = ServiceState.Unreadable, Waiting = problem,
    };

    public static ServiceState State(ServiceRecord record, Plan plan, bool isObserved) =>
        record.Withdrawn ? ServiceState.Withdrawing
        : !isObserved ? ServiceState.Unknown
        : JobViews.StateAtRest(record) is { } state ? state
        : record.Rollout is not null ? ServiceState.Updating
        : plan.Waiting.Count > 0 ? ServiceState.Waiting
        : plan.Ready < record.Wanted ? ServiceState.Starting
        : ServiceState.Running;

    private static InstanceView Instance(InstanceRecord instance, Observations observed, bool withProbes)
    {
        var seen = observed.Find(instance.Name);
        var report = seen?.Worker == instance.Worker ? seen.Report : null;
        return new InstanceView
        {
            Name = instance.Name,
            Slot = instance.Slot,
            Revision = instance.Revision,
            Run = instance.RunNumber > 0 ? instance.RunNumber : null,
            Worker = instance.Worker,
            Phase = PhaseOf(instance, report),
            Health = report?.Health ?? InstanceHealth.None,
            Readiness = report?.Readiness,
            Probes = withProbes ? report?.Probes : null,
            ContainerId = report?.ContainerId,
            Ports = report?.Ports ?? [],
            StartedAt = report?.StartedAt,
            ExitCode = report?.ExitCode,
            Message = report?.Message,
            Reason = instance.Reason,
        };
    }

    /// <summary>One that is to end is out of rotation from the decision on, whatever its worker has reported so far.</summary>
    private static Phase PhaseOf(InstanceRecord instance, InstanceReport? report)
    {
        var phase = report?.Phase ?? Phase.Placed;
        return instance.Intent == Intent.Stop && phase < Phase.Stopping ? Phase.Stopping : phase;
    }
}
