using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Orders;

namespace Orchestrator.WorkerAgent.Reports;

/// <summary>
/// Tells each ServiceMaster what is observed of its instances, at once. Per service one report is under way; what changes meanwhile goes with the next,
/// always the newest state. An unanswered report is repeated until it is answered.
/// </summary>
internal sealed partial class Reporter : BackgroundService
{
    private const int MostAtOnce = 16;
    // An engine that needs longer for one line of a log needs far longer to start a successor.
    private static readonly TimeSpan WordsPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Pending> pending = [];
    private readonly SemaphoreSlim slots = new(MostAtOnce);
    private readonly CancellationTokenSource ending = new();
    private readonly InstanceBook book;
    private readonly Fence fence;
    private readonly IControlPlane control;
    private readonly Sequence sequence;
    private readonly EngineCondition engine;
    private readonly WorkerAgentOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<Reporter> log;

    public Reporter(
        InstanceBook book, Fence fence, IControlPlane control, Sequence sequence, EngineCondition engine, WorkerAgentOptions options, TimeProvider clock, ILogger<Reporter> log)
    {
        (this.book, this.fence, this.control, this.sequence, this.engine, this.options, this.clock, this.log) = (book, fence, control, sequence, engine, options, clock, log);
        book.Changed += TellChanged;
        book.Removed += instance => Tell(instance.Name.Service, instance.Name.ToString());
        // All containers have just been looked at: what the ServiceMasters believed until now may be wrong in any way.
        engine.Seen += TellAll;
    }

    /// <summary>Reports this instance, or that nothing is left of it.</summary>
    public void Tell(string service, string instance) => Add(service, Pending.Of(instance));

    /// <summary>Reports all instances of a service, also when there are none.</summary>
    public void TellAllOf(string service) => Add(service, Pending.Everything);

    /// <summary>
    /// Reports all instances of all services, and to those that have ordered something here before, that nothing is left: what vanished while
    /// the agent was away would be believed to run for ever.
    /// </summary>
    public void TellAll()
    {
        foreach (var service in book.Sums().Services.Union(fence.Services, StringComparer.Ordinal)) TellAllOf(service);
    }

    public override void Dispose()
    {
        base.Dispose();
        if (!ending.IsCancellationRequested) ending.Cancel();
        ending.Dispose();
        slots.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!ending.IsCancellationRequested) await ending.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    /// <summary>Complete reports that nobody asked for, slowly: they repair what no message repaired.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = options.CompleteReportEvery * (0.75 + (Random.Shared.NextDouble() / 2));
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var service in book.Sums().Services) TellAllOf(service);
        }
    }

    private void TellChanged(Instance instance)
    {
        if (instance.WordsAreSought) _ = TellWithoutWords(instance);
        else Tell(instance.Name.Service, instance.Name.ToString());
    }

    /// <summary>Why an instance ended belongs into the same report as that it ended; but nobody waits long for words.</summary>
    private async Task TellWithoutWords(Instance instance)
    {
        var name = instance.Name.ToString();
        await Task.Delay(WordsPatience, clock, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (book.Find(name) is { WordsAreSought: true }) Tell(instance.Name.Service, name);
    }

    private void Add(string service, Pending more)
    {
        lock (gate)
        {
            if (ending.IsCancellationRequested) return;
            if (pending.TryGetValue(service, out var waiting))
            {
                pending[service] = waiting.And(more);
                return;
            }

            pending[service] = more;
        }

        _ = Task.Run(() => Send(service), CancellationToken.None);
    }

    private async Task Send(string service)
    {
        var pause = FirstPause;
        while (Take(service) is { } told)
        {
            var answered = false;
            try
            {
                // Until the containers have been seen, "I have nothing" would be a lie.
                await engine.FirstSeen.WaitAsync(ending.Token);
                await slots.Inside(async () =>
                {
                    await control.Report(Write(service, told), ending.Token);
                    return answered = true;
                }, ending.Token);
                if (pause > FirstPause) LogAnswers(service);
            }
            catch (Exception) when (ending.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, the only answer is to try again: the call is idempotent and the newest state wins.
                if (pause == FirstPause) LogNoAnswer(service, e.GetBaseException().Message);
            }

            if (answered)
            {
                pause = FirstPause;
                continue;
            }

            PutBack(service, told);
            await Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 2)), clock, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>What is to be told now; nothing when all is told, and the service then has no sender any more.</summary>
    private Pending? Take(string service)
    {
        lock (gate)
        {
            if (ending.IsCancellationRequested) return null;
            var waiting = pending[service];
            if (waiting.Nothing) pending.Remove(service);
            else pending[service] = Pending.None;
            return waiting.Nothing ? null : waiting;
        }
    }

    private void PutBack(string service, Pending told)
    {
        lock (gate) pending[service] = told.And(pending[service]);
    }

    private ServiceReport Write(string service, Pending told)
    {
        var number = sequence.Next();
        var instances = book.Of(service);
        return new()
        {
            Worker = options.Name,
            Service = service,
            Sequence = number,
            Complete = told.All,
            Instances = instances.Where(i => told.All || told.Instances.Contains(i.Name.ToString())).Select(i => i.Observed).OrderBy(o => o.Instance, StringComparer.Ordinal).ToValueList(),
            Gone = told.All ? [] : told.Instances.Except(instances.Select(i => i.Name.ToString())).Order(StringComparer.Ordinal).ToValueList(),
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ServiceMaster of {Service} does not answer ({Why}); the report is repeated until it does")]
    private partial void LogNoAnswer(string service, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "The ServiceMaster of {Service} answers again")]
    private partial void LogAnswers(string service);
}
