using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.ServiceDefaults.Resilience;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Telemetry;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Reports;

/// <summary>
/// Tells each ServiceMaster what is observed of its instances, at once. Per service one report is under way; what changes meanwhile goes
/// with the next, always the newest state. An unanswered report is repeated until it is answered.
/// </summary>
internal sealed partial class Reporter : ILoop, IDisposable
{
    private const int MostAtOnce = 16;
    // An engine that needs longer for one line of a log needs far longer to start a successor.
    private static readonly TimeSpan WordsPatience = TimeSpan.FromSeconds(1);
    private static readonly Backoff Pauses = new(First: TimeSpan.FromMilliseconds(50), Longest: TimeSpan.FromSeconds(2));

    private readonly Lock gate = new();
    private readonly Dictionary<string, Pending> pending = [];
    private readonly Gate slots = new(MostAtOnce);
    private readonly CancellationTokenSource ending = new();
    private readonly InstanceBook book;
    private readonly Fence fence;
    private readonly IControlPlane control;
    private readonly Sequence sequence;
    private readonly OldestOrder oldest;
    private readonly EngineCondition engine;
    private readonly WorkerAgentOptions options;
    private readonly WorkerMetrics metrics;
    private readonly TimeProvider clock;
    private readonly Func<double> dice;
    private readonly ILogger<Reporter> log;
    private readonly PatientCalls untilAnswered;

    public Reporter(
        InstanceBook book, Fence fence, IControlPlane control, Sequence sequence, OldestOrder oldest, EngineCondition engine,
        WorkerAgentOptions options, WorkerMetrics metrics, TimeProvider clock, Func<double> dice, ILogger<Reporter> log)
    {
        (this.book, this.fence, this.control, this.sequence, this.oldest, this.engine) = (book, fence, control, sequence, oldest, engine);
        (this.options, this.metrics, this.clock, this.dice, this.log) = (options, metrics, clock, dice, log);
        untilAnswered = new(new() { Backoff = Pauses }, clock, dice);
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
    /// Reports all instances of all services, and to those that have ordered something here before, that nothing is left: what vanished
    /// while the agent was away would be believed to run for ever.
    /// </summary>
    public void TellAll()
    {
        foreach (var service in book.Sums().Services.Union(fence.Services, StringComparer.Ordinal)) TellAllOf(service);
    }

    /// <summary>All there was to tell has been answered. Handlers are quick.</summary>
    public event Action? Finished;

    /// <summary>Whether there is nothing that has not been answered yet.</summary>
    public bool IsFinished
    {
        get
        {
            lock (gate) return pending.Count == 0;
        }
    }

    /// <summary>Complete reports that nobody asked for, slowly: they repair what no message repaired.</summary>
    public async Task Run(CancellationToken stopping)
    {
        using var stops = stopping.Register(ending.Cancel);
        while (true)
        {
            await Task.Delay(options.CompleteReportEvery * (0.75 + (dice() / 2)), clock, stopping);
            foreach (var service in book.Sums().Services) TellAllOf(service);
        }
    }

    public void Dispose()
    {
        if (!ending.IsCancellationRequested) ending.Cancel();
        ending.Dispose();
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
        await Task.Delay(WordsPatience, clock, ending.Token).Quietly();
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

        _ = Send(service);
    }

    private async Task Send(string service)
    {
        await Task.Yield();
        // Until the containers have been seen, "I have nothing" would be a lie.
        await engine.FirstSeen;
        while (HasMore(service)) await SendUntilAnswered(service).Quietly();
    }

    /// <summary>Whatever goes wrong, the only answer is to try again: the call is idempotent and the newest state wins.</summary>
    private async Task SendUntilAnswered(string service)
    {
        var told = Pending.None;
        var silent = false;
        await untilAnswered.Run(async cancel =>
        {
            try
            {
                await slots.Inside(() => control.Report(Write(service, told = told.And(Take(service))), cancel), cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                metrics.NotReported();
                if (!silent) LogNoAnswer(service, e.GetBaseException().Message);
                silent = true;
                throw;
            }
        }, ending.Token);
        metrics.Reported();
        if (silent) LogAnswers(service);
    }

    /// <summary>Whether there is something to tell; when all is told the service has no sender any more.</summary>
    private bool HasMore(string service)
    {
        lock (gate)
        {
            if (ending.IsCancellationRequested) return false;
            if (!pending[service].Nothing) return true;
            pending.Remove(service);
        }

        if (IsFinished) Finished?.Invoke();
        return false;
    }

    private Pending Take(string service)
    {
        lock (gate)
        {
            var waiting = pending[service];
            pending[service] = Pending.None;
            return waiting;
        }
    }

    private ServiceReport Write(string service, Pending told)
    {
        // In this order: what an older order began is in the book by now, and none begins anything any more.
        var (ordersSince, number) = (oldest.Since, sequence.Next());
        var instances = book.Of(service);
        return new()
        {
            Worker = options.Name,
            Service = service,
            Sequence = number,
            Complete = told.All,
            OrdersSince = ordersSince > 0 ? ordersSince : null,
            SentAt = clock.GetUtcNow(),
            Instances = instances.Where(i => told.All || told.Instances.Contains(i.Name.ToString())).Select(i => i.Report)
                .OrderBy(o => o.Instance, StringComparer.Ordinal).ToValueList(),
            Gone = told.All
                ? []
                : told.Instances.Except(instances.Select(i => i.Name.ToString())).Order(StringComparer.Ordinal).ToValueList(),
        };
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The ServiceMaster of {Service} does not answer ({Why}); the report is repeated until it does")]
    private partial void LogNoAnswer(string service, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "The ServiceMaster of {Service} answers again")]
    private partial void LogAnswers(string service);
}
