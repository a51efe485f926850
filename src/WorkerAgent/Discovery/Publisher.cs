using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.ServiceDefaults.Resilience;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Discovery;

/// <summary>
/// Makes the catalog agree with the instances that can be used: at once when one changes, before one is stopped, and slowly against what
/// the catalog really holds. When the agent ends its containers go on running and stay registered; if it does not come back, their time to
/// live ends.
/// </summary>
internal sealed partial class Publisher : ILoop, IDepartures, IDisposable
{
    /// <summary>
    /// An entry that was not kept alive for so long is no longer found by clients: a little longer than a lease, in which an agent may
    /// restart and no instance is replaced.
    /// </summary>
    public static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CompareEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>A catalog that does not answer does not stand in the way of a stop for longer.</summary>
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(1);

    private readonly Gate working = new(places: 1);
    private readonly Dictionary<string, CatalogEntry> registered = [];
    private readonly InstanceBook book;
    private readonly ICatalog catalog;
    private readonly EngineCondition engine;
    private readonly WorkerAgentOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<Publisher> log;
    private readonly PatientCalls untilItAnswers;
    private readonly PatientCalls briefly;
    private readonly Bell changed;
    private long comparedAt;
    private long keptAliveAt;
    private bool compared;
    private bool silent;

    public Publisher(
        InstanceBook book, ICatalog catalog, EngineCondition engine, WorkerAgentOptions options,
        TimeProvider clock, Func<double> dice, ILogger<Publisher> log)
    {
        (this.book, this.catalog, this.engine, this.options, this.clock, this.log) = (book, catalog, engine, options, clock, log);
        untilItAnswers = new(
            new() { Backoff = new(RetryAfter, RetryAfter), IsPassing = e => e is CatalogException, BeforePause = (e, _) => Silent(e) },
            clock, dice);
        briefly = PatientCalls.Within(LeavePatience, clock);
        changed = new(clock);
        book.Changed += _ => changed.Ring();
        book.Removed += _ => changed.Ring();
        engine.Seen += changed.Ring;
    }

    public async Task Leave(Instance instance, CancellationToken cancel)
    {
        try
        {
            // It counts as stopping already, so the next agreement leaves it out.
            await briefly.Run(Agree, cancel);
        }
        catch (Exception e) when (e is CatalogException or TimeoutException)
        {
            LogLeftLate(instance.Name.ToString(), e.Message);
        }
    }

    public async Task Run(CancellationToken stopping)
    {
        // Before the containers have been seen, every entry of an earlier process would look like a leftover.
        while (!engine.Known) await changed.Wait(KeepAliveEvery, stopping);
        while (true)
        {
            await untilItAnswers.Run(Agree, stopping);
            if (silent) LogAnswers();
            silent = false;
            // What is left, for a timer that comes early must not cost an entry a whole turn.
            await changed.Wait(KeepAliveEvery - clock.GetElapsedTime(keptAliveAt), stopping);
        }
    }

    public void Dispose() => changed.Dispose();

    private void Silent(Exception e)
    {
        if (!silent) LogSilent(e.Message);
        silent = true;
    }

    private Task Agree(CancellationToken cancel) => working.Inside(async () =>
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
    }, cancel);

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
