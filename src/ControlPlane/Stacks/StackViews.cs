using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>What is told of a stack, for the API.</summary>
internal static class StackViews
{
    /// <summary>The stack without what its services themselves tell.</summary>
    public static StackView View(StackRecord record) => new()
    {
        Name = record.Name,
        State = State(record),
        Reason = record.Current?.Told.Reason,
        Spec = record.Asked ?? new(),
        Services = record.Members.Select(it => new StackServiceView
        {
            Name = it, Service = StackNames.Service(record.Name, it), Exists = false,
        }).ToValueList(),
        Deployment = record.Current?.Told,
        Deployments = record.Past.Reverse().Select(Line).ToValueList(),
    };

    public static StackSummary Summary(StackRecord record) => new()
    {
        Name = record.Name,
        State = State(record),
        Reason = record.Current?.Told.Reason,
        Services = record.Members,
        Deployment = record.Current is { } current ? Line(current.Told) : null,
    };

    public static StackDeployment? Deployment(StackRecord record, long id) =>
        record.Current?.Told.Id == id ? record.Current.Told : record.Past.FirstOrDefault(it => it.Id == id);

    /// <summary>A service of the stack as it is now.</summary>
    /// <param name="known">Its names.</param>
    /// <param name="answer">What the service tells; none when it does not answer.</param>
    /// <param name="wanted">What the stack wants of it; none when nothing any more.</param>
    public static StackServiceView Service(StackServiceView known, ServiceAnswer? answer, ServiceSpec? wanted)
    {
        if (answer is null) return known with { Exists = true, Waiting = "it does not answer at present" };
        if (answer.Service is not { } view) return known;
        return known with
        {
            Exists = true,
            State = view.State,
            Image = view.Spec.Container.Image,
            Revision = view.Revision,
            Wanted = view.Spec.Instances,
            Running = view.Running,
            Waiting = view.Waiting is [var first, ..] ? first : null,
            Drift = StackPlan.Drift(view.Spec, wanted),
        };
    }

    private static StackState State(StackRecord record) => record.Current?.Told switch
    {
        { State: DeploymentState.Waiting or DeploymentState.Running, Action: StackAction.Remove } => StackState.Removing,
        { State: DeploymentState.Waiting or DeploymentState.Running } => StackState.Deploying,
        { State: DeploymentState.RollingBack } => StackState.RollingBack,
        { State: DeploymentState.Paused } => StackState.Paused,
        { State: DeploymentState.Failed } => StackState.Failed,
        // Nothing was there before.
        { State: DeploymentState.RolledBack or DeploymentState.Cancelled } when record.Asked is null => StackState.Failed,
        _ => StackState.Deployed,
    };

    private static StackDeploymentLine Line(StackDeployment it) =>
        new(it.Id, it.Action, it.State, it.Who, it.At, it.EndedAt, it.Reason, it.Why);
}
