using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;

namespace Orchestrator.WorkerAgent.Discovery;

/// <summary>
/// Makes the catalog agree with the instances that can be used: at once when one changes, before one is stopped, and slowly against what the catalog
/// really holds. When the agent ends its containers go on running and stay registered; if it does not come back, their time to live ends.
/// </summary>
internal sealed partial class Publisher : BackgroundService, IDepartures
{
    /// <summary>An entry that was not kept alive for so long is no longer found by clients: long enough for a restart of the agent.</summary>
    public static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CompareEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>A catalog that does not answer does not stand in the way of a stop for longer.</summary>
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim working = new(1);
    private readonly Dictionary<string, CatalogEntry> registered = [];
    private readonly InstanceBook book;
    private readonly ICatalog catalog;
    private readonly EngineCondition engine;
    private readonly WorkerAgentOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<Publisher> log;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long comparedAt;
    private long keptAliveAt;
    private bool compared;
    private bool silent;

    public Publisher(InstanceBook book, ICatalog catalog, EngineCondition engine, WorkerAgentOptions options, TimeProvider clock, ILogger<Publisher> log)
    {
        (this.book, this.catalog, this.engine, this.options, this.clock, this.log) = (book, catalog, engine, options, clock, log);
        book.Changed += _ => Volatile.Read(ref changed).TrySetResult();
        book.Removed += _ => Volatile.Read(ref changed).TrySetResult();
    }

    public async Task Leave(Instance instance, CancellationToken cancel)
    {
        using var timer = new CancellationTokenSource(LeavePatience, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel, timer.Token);
        try
        {
            // It counts as stopping already, so the next agreement leaves it out.
            await Agree(deadline.Token);
        }
        catch (Exception e) when (e is CatalogException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            LogLeftLate(instance.Name.ToString(), e.Message);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        working.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Before the containers have been seen, every entry of an earlier process would look like a leftover.
        await engine.FirstSeen.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            Volatile.Write(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
            var pause = KeepAliveEvery;
            try
            {
                await Agree(stoppingToken);
                if (silent) LogAnswers();
                silent = false;
            }
            catch (CatalogException e)
            {
                if (!silent) LogSilent(e.Message);
                silent = true;
                pause = RetryAfter;
            }

            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var rest = Task.Delay(pause, clock, waiting.Token);
            await (silent ? rest : Task.WhenAny(rest, changed.Task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await waiting.CancelAsync();
        }
    }

    private async Task Agree(CancellationToken cancel)
    {
        await working.WaitAsync(cancel);
        try
        {
            var wanted = Entries.Of(book.All(), options).ToDictionary(e => e.Id);
            if (!compared || clock.GetElapsedTime(comparedAt) >= CompareEvery) await Compare(wanted, cancel);
            foreach (var id in registered.Keys.Except(wanted.Keys).ToArray())
            {
                await catalog.Deregister(id, cancel);
                registered.Remove(id);
                LogDeregistered(id);
            }

            await KeepAlive(cancel);
            foreach (var entry in wanted.Values.Where(e => registered.GetValueOrDefault(e.Id) != e))
            {
                await catalog.Register(entry, cancel);
                registered[entry.Id] = entry;
                LogRegistered(entry.Id, entry.Address, entry.Port);
            }
        }
        finally
        {
            working.Release();
        }
    }

    /// <summary>Looks at what the catalog really holds of ours: leftovers go, and what it has lost is registered again.</summary>
    private async Task Compare(Dictionary<string, CatalogEntry> wanted, CancellationToken cancel)
    {
        var present = await catalog.Ids(Entries.MetaOf(options), cancel);
        foreach (var id in present.Except(wanted.Keys))
        {
            await catalog.Deregister(id, cancel);
            registered.Remove(id);
            LogDeregistered(id);
        }

        foreach (var id in registered.Keys.Except(present).ToArray()) registered.Remove(id);
        (compared, comparedAt) = (true, clock.GetTimestamp());
    }

    private async Task KeepAlive(CancellationToken cancel)
    {
        if (clock.GetElapsedTime(keptAliveAt) < KeepAliveEvery) return;
        foreach (var id in registered.Keys.ToArray())
        {
            if (!await catalog.Pass(id, cancel)) registered.Remove(id);
        }

        keptAliveAt = clock.GetTimestamp();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Registered {Entry} at {Address}:{Port}")]
    private partial void LogRegistered(string entry, string address, int port);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deregistered {Entry}")]
    private partial void LogDeregistered(string entry);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Why}; registering is tried again")]
    private partial void LogSilent(string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Consul answers again")]
    private partial void LogAnswers();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance} is stopped although it may still be registered: {Why}")]
    private partial void LogLeftLate(string instance, string why);
}
