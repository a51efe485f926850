using Dapr;
using Dapr.Actors.Runtime;
using Dapr.Client;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Stacks;
using Orchestrator.ControlPlane.Stacks;
using Orchestrator.ControlPlane.Telemetry;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>The actor of one stack; the <see cref="StackKeeper"/> does the work.</summary>
internal sealed partial class StackMaster : MeasuredActor, IStackMaster, IRemindable, IStackReminder
{
    private const string LookAgainReminder = "look-again";

    /// <summary>So often it is seen to that somebody carries a deployment out.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly StackKeeper keeper;
    private readonly TimeProvider clock;
    private readonly ILogger<StackKeeper> log;

    public StackMaster(
        ActorHost host, DaprClient dapr, StoreHealth health, StackPorts ports, ControlPlaneMetrics metrics, TimeProvider clock,
        ILogger<StackKeeper> log)
        : base(host, metrics, clock)
    {
        (this.clock, this.log) = (clock, log);
        var name = host.Id.GetId();
        var store = new StoredRecord<StackRecord>(dapr, StoredStacks.Key(name), health, clock, metrics);
        keeper = new StackKeeper(name, store, ports, this, clock, log);
    }

    public Task<StackAnswer> Change(StackChangeRequest request) => keeper.Change(request);

    public Task<StackAnswer> Get() => keeper.Get();

    public Task<StackSummary?> Summary() => keeper.Summary();

    public Task<StackDeployment?> Deployment(long id) => keeper.Deployment(id);

    public Task<StackQuestion?> Asks() => keeper.Asks();

    public Task<StackTurn?> Advance(StackSeen seen) => keeper.Advance(seen.Question, seen.Sights);

    public Task<StackOrder?> OrderFor(StackServiceMark service) => keeper.OrderFor(service.Service, service.Mark);

    public Task Refused(StackRefusal refusal) => keeper.Refused(refusal.Service, refusal.Mark, refusal.Reason);

    public Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period) => keeper.LookAgain();

    public Task Set() => Try(() => RegisterReminderAsync(LookAgainReminder, [], Every, Every));

    public Task Clear() => Try(() => UnregisterReminderAsync(LookAgainReminder));

    /// <summary>A reminder too many ends when it comes; one that is missing is set by the next call.</summary>
    private async Task Try(Func<Task> change)
    {
        try
        {
            await change().WaitAsync(ActorCalls.WithinTurn, clock);
        }
        catch (Exception e) when (e is DaprException or HttpRequestException or TimeoutException)
        {
            LogFailed(Id.GetId(), e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The reminder of stack {Stack} could not be changed: {Error}")]
    private partial void LogFailed(string stack, string error);
}
