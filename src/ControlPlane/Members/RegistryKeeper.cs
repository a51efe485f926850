using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Members;

/// <summary>
/// The whole behaviour of the MemberRegistry: keeps the table of leases in memory and what must survive in the store. Every renewal, also
/// of a master, judges everyone, so that time passes here without a timer. While the store does not answer leases are renewed all the same,
/// and nobody is declared lost. Its calls must come one at a time; the actor sees to that.
/// </summary>
internal sealed partial class RegistryKeeper(
    IStoredRecord<MemberRecord> record, IAlarm alarm, IEvents events, ControlPlaneOptions options, TimeProvider clock,
    ILogger<RegistryKeeper> log)
{
    private static readonly TimeSpan FailedOrderIsShown = TimeSpan.FromSeconds(30);

    /// <summary>So many services at a time a worker is asked for; the others are named again when their orders fail again.</summary>
    private const int MostUnreached = 100;

    /// <summary>A store that has just failed is left alone by those who can do without it: renewals would wait for it.</summary>
    private static readonly TimeSpan StoreAgainAfter = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, (MasterReport Report, RegistryTime SeenAt)> masters = new(StringComparer.Ordinal);
    private readonly Hearing hearing = new(options.Beat, clock);
    private readonly MemberEvents happenings = new(events, options.Liveness, clock);

    /// <summary>By worker the last order that got no answer, and when.</summary>
    private readonly Dictionary<string, (string Why, RegistryTime At)> failedOrders = new(StringComparer.Ordinal);

    /// <summary>By worker the services whose orders do not reach it, until it is asked for them.</summary>
    private readonly Dictionary<string, HashSet<string>> unreached = new(StringComparer.Ordinal);

    private MemberTable? table;

    /// <summary>The table has what is stored; before that it has whoever was heard.</summary>
    private bool isLoaded;

    /// <summary>When the store failed last; none when it answered last.</summary>
    private long? storeFailedAt;

    /// <summary>When somebody last took it on to make a backup.</summary>
    private TimeSpan? backedUp;
    private ValueList<KnownWorker> saved = [];

    public async Task<LeaseAnswer> Renew(WorkerReport report)
    {
        var now = hearing.Listen();
        var (next, answer, change) = (await Table()).Renew(report, options.Liveness, now);
        await Become(next, change is null ? [] : [change]);
        return unreached.Remove(report.Name, out var services) && answer.Lease > TimeSpan.Zero
            ? answer with { Unreached = services.Order(StringComparer.Ordinal).ToValueList() } : answer;
    }

    public async Task RenewMaster(MasterReport report)
    {
        var now = hearing.Listen();
        masters[report.Name] = (report, now);
        foreach (var gone in masters.Where(m => Silence(m.Value.SeenAt, now) > options.MasterForgottenAfter).Select(m => m.Key).ToList())
            masters.Remove(gone);
        await Become(await Table(), []);
    }

    public async Task<MemberList> Members()
    {
        var now = hearing.Now;
        var current = await Table();
        var ofMasters = masters.Values.OrderBy(m => m.Report.Name, StringComparer.Ordinal)
            .Select(m => MasterOf(m.Report, Silence(m.SeenAt, now)));
        var ofWorkers = current.Members(options.Liveness, now).Select(it => WithFailedOrder(it, now));
        return new MemberList([.. ofMasters, .. ofWorkers], current.Brake);
    }

    private Member WithFailedOrder(Member worker, RegistryTime now)
    {
        if (!failedOrders.TryGetValue(worker.Name, out var failed)) return worker;
        var ago = Silence(failed.At, now);
        if (ago > FailedOrderIsShown) return worker;
        var note = $"it did not answer an order {Durations.FormatTenths(ago)} ago: {failed.Why}";
        return worker with { Note = worker.Note is { } first ? $"{first}; {note}" : note };
    }

    public async Task<ValueList<WorkerImages>> Images(ValueList<string> workers) => (await Table()).Images(workers);

    /// <summary>Services decide by it: a worker that is missing here would be taken for gone.</summary>
    /// <exception cref="StoreTroubleException">The store has not told yet who is known.</exception>
    public async Task<ValueList<Worker>> Workers(ValueList<string> holding) =>
        (await Loaded()).Workers(options.Liveness, hearing.Now, holding);

    public async Task<bool> SetDraining(DrainWish wish)
    {
        if ((await Loaded(isWish: true)).SetDraining(wish) is not var (next, change)) return false;
        await Become(next, change is null ? [] : [change], isWish: true);
        return true;
    }

    public async Task WaitsForRoom(string service) => table = (await Table()).WaitsForRoom(service);

    public async Task OrderFailed(string worker, string service, string why)
    {
        if (!(await Table()).Leases.ContainsKey(worker)) return;
        failedOrders[worker] = (why, hearing.Now);
        var services = unreached.TryGetValue(worker, out var known) ? known : unreached[worker] = new(StringComparer.Ordinal);
        if (services.Count < MostUnreached) services.Add(service);
    }

    /// <summary>After an activation nobody knows of the last one: one more does no harm.</summary>
    public Task<bool> TakeBackup(TimeSpan every)
    {
        if (backedUp is { } last && hearing.Now.Passed - last < every) return Task.FromResult(false);
        backedUp = hearing.Now.Passed;
        return Task.FromResult(true);
    }

    public Task BackupFailed()
    {
        backedUp = null;
        return Task.CompletedTask;
    }

    public async Task OverruleBrake()
    {
        LogOverruled();
        await Become(await Loaded(isWish: true) with { BrakeOverruled = true }, [], isWish: true);
    }

    /// <summary>Operators are sure that these workers are gone: each is lost when its lease is over, whatever the brake says.</summary>
    /// <returns>Why not, a sentence for each worker that is not known or is heard; nothing is done then.</returns>
    public async Task<ValueList<string>> ConfirmLoss(LossConfirmation confirmation)
    {
        var now = hearing.Now;
        var current = await Loaded(isWish: true);
        var refused = confirmation.Workers.Distinct()
            .Select(name => current.WhyNotGone(name, options.Liveness, now)).OfType<string>().ToValueList();
        if (refused.Count > 0 || confirmation.DryRun) return refused;
        LogConfirmed(string.Join(", ", confirmation.Workers));
        await Become(current.ConfirmLoss(confirmation.Workers), [], isWish: true);
        return [];
    }

    private static TimeSpan Silence(RegistryTime since, RegistryTime now) => now.Passed - since.Passed;

    private Member MasterOf(MasterReport report, TimeSpan silence) => new()
    {
        Name = report.Name,
        Role = MemberRole.Master,
        Address = report.Address,
        Status = silence > options.Liveness.LostAfter ? WorkerHealth.Lost
            : silence > options.Liveness.SuspectAfter ? WorkerHealth.Suspect
            : WorkerHealth.Ready,
        Note = report.Note,
        Silence = silence,
    };

    /// <summary>The table; of whoever was heard alone while the store does not tell the rest.</summary>
    private async Task<MemberTable> Table()
    {
        try
        {
            return await Loaded();
        }
        catch (StoreTroubleException e)
        {
            if (e.IsSent) LogFromMemory(e.Message);
            return table ??= MemberTable.From([], hearing.Now);
        }
    }

    /// <exception cref="StoreTroubleException">The store does not tell who is known.</exception>
    private async Task<MemberTable> Loaded(bool isWish = false)
    {
        if (isLoaded) return table!;
        if (!isWish && IsStoreToBeLeftAlone) throw new StoreTroubleException("it has just not answered", isSent: false);
        var stored = await Asked(record.Load);
        saved = stored?.Workers ?? [];
        isLoaded = true;
        return table = MemberTable.From(saved, hearing.Now).And(table);
    }

    private bool IsStoreToBeLeftAlone => storeFailedAt is { } at && clock.GetElapsedTime(at) < StoreAgainAfter;

    private async Task<T> Asked<T>(Func<Task<T>> ask)
    {
        try
        {
            var answer = await ask();
            storeFailedAt = null;
            return answer;
        }
        catch (StoreTroubleException)
        {
            storeFailedAt = clock.GetTimestamp();
            throw;
        }
    }

    /// <summary>Judges, saves what must survive, and only then lets anybody act on it.</summary>
    /// <param name="isWish">A person asks for it: it is saved, or not done.</param>
    private async Task Become(MemberTable next, ValueList<MemberChange> changes, bool isWish = false)
    {
        var (judged, lost) = isLoaded ? next.Judge(options.Liveness, hearing.Now) : (next, []);
        if (!judged.Known.Equals(saved) && !await IsSaved(judged.Known, isWish)) (judged, lost) = (next, []);
        if (judged.Brake != table?.Brake) LogBrake(judged.Brake ?? "off");
        table = judged;
        foreach (var change in changes.Concat(lost))
        {
            LogChange(change.Worker, change.What, change.Services.Count);
            alarm.Now(change.Services, $"{change.Worker} {change.What}");
        }

        happenings.Tell(table, hearing.Now, isChange: changes.Count + lost.Count > 0);
    }

    private async Task<bool> IsSaved(ValueList<KnownWorker> known, bool isWish)
    {
        if (!isLoaded || (!isWish && IsStoreToBeLeftAlone)) return false;
        try
        {
            await Asked(async () =>
            {
                await record.Save(new MemberRecord(known));
                return true;
            });
            saved = known;
            return true;
        }
        catch (StoreTroubleException e) when (!isWish)
        {
            LogFromMemory(e.Message);
            return false;
        }
        catch (RecordConflictException)
        {
            // Another activation has written: what this one remembers is worth nothing any more.
            (table, isLoaded) = (null, false);
            throw;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Leases are renewed from memory, and nobody is declared lost meanwhile: {Error}")]
    private partial void LogFromMemory(string error);

    [LoggerMessage(LogLevel.Information, "Worker {Worker} {What}; {Services} services look again")]
    private partial void LogChange(string worker, string what, int services);

    [LoggerMessage(LogLevel.Warning, "Brake: {Brake}")]
    private partial void LogBrake(string brake);

    [LoggerMessage(LogLevel.Warning, "Confirmed as gone by a person: {Workers}; lost when the lease is over")]
    private partial void LogConfirmed(string workers);

    [LoggerMessage(LogLevel.Warning, "The brake was overruled: silent workers are declared lost")]
    private partial void LogOverruled();
}
