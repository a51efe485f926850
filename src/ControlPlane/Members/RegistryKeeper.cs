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
/// of a master, judges everyone, so that time passes here without a timer. Its calls must come one at a time; the actor sees to that.
/// </summary>
internal sealed partial class RegistryKeeper(
    IStoredRecord<MemberRecord> record, IAlarm alarm, IEvents events, ControlPlaneOptions options, TimeProvider clock,
    ILogger<RegistryKeeper> log)
{
    private static readonly TimeSpan FailedOrderIsShown = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (MasterReport Report, RegistryTime SeenAt)> masters = new(StringComparer.Ordinal);
    private readonly Hearing hearing = new(options.Beat, clock);
    private readonly MemberEvents happenings = new(events, options.Liveness, clock);

    /// <summary>By worker the last order that got no answer, and when.</summary>
    private readonly Dictionary<string, (string Why, RegistryTime At)> failedOrders = new(StringComparer.Ordinal);

    private MemberTable? table;

    /// <summary>When somebody last took it on to make a backup.</summary>
    private TimeSpan? backedUp;
    private ValueList<KnownWorker> saved = [];

    public async Task<LeaseAnswer> Renew(WorkerReport report)
    {
        var now = hearing.Listen();
        var (next, answer, change) = (await Table()).Renew(report, options.Liveness, now);
        await Become(next, change is null ? [] : [change]);
        return answer;
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

    public async Task<ValueList<Worker>> Workers(ValueList<string> holding) =>
        (await Table()).Workers(options.Liveness, hearing.Now, holding);

    public async Task<bool> SetDraining(DrainWish wish)
    {
        if ((await Table()).SetDraining(wish) is not var (next, change)) return false;
        await Become(next, change is null ? [] : [change]);
        return true;
    }

    public async Task WaitsForRoom(string service) => table = (await Table()).WaitsForRoom(service);

    public async Task OrderFailed(string worker, string why)
    {
        if ((await Table()).Leases.ContainsKey(worker)) failedOrders[worker] = (why, hearing.Now);
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
        await Become(await Table() with { BrakeOverruled = true }, []);
    }

    /// <summary>Operators are sure that these workers are gone: each is lost when its lease is over, whatever the brake says.</summary>
    /// <returns>Why not, a sentence for each worker that is not known or is heard; nothing is done then.</returns>
    public async Task<ValueList<string>> ConfirmLoss(LossConfirmation confirmation)
    {
        var now = hearing.Now;
        var current = await Table();
        var refused = confirmation.Workers.Distinct()
            .Select(name => current.WhyNotGone(name, options.Liveness, now)).OfType<string>().ToValueList();
        if (refused.Count > 0 || confirmation.DryRun) return refused;
        LogConfirmed(string.Join(", ", confirmation.Workers));
        await Become(current.ConfirmLoss(confirmation.Workers), []);
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

    private async Task<MemberTable> Table()
    {
        if (table is not null) return table;
        saved = (await record.Load())?.Workers ?? [];
        return table = MemberTable.From(saved, hearing.Now);
    }

    /// <summary>Judges, saves what must survive, and only then lets anybody act on it.</summary>
    private async Task Become(MemberTable next, ValueList<MemberChange> changes)
    {
        var (judged, lost) = next.Judge(options.Liveness, hearing.Now);
        if (judged.Brake != table?.Brake) LogBrake(judged.Brake ?? "off");
        if (!judged.Known.Equals(saved))
        {
            try
            {
                await record.Save(new MemberRecord(judged.Known));
            }
            catch
            {
                // Another activation may have written: what this one remembers is worth nothing any more.
                table = null;
                throw;
            }

            saved = judged.Known;
        }

        table = judged;
        foreach (var change in changes.Concat(lost))
        {
            LogChange(change.Worker, change.What, change.Services.Count);
            alarm.Now(change.Services, $"{change.Worker} {change.What}");
        }

        happenings.Tell(table, hearing.Now, isChange: changes.Count + lost.Count > 0);
    }

    [LoggerMessage(LogLevel.Information, "Worker {Worker} {What}; {Services} services look again")]
    private partial void LogChange(string worker, string what, int services);

    [LoggerMessage(LogLevel.Warning, "Brake: {Brake}")]
    private partial void LogBrake(string brake);

    [LoggerMessage(LogLevel.Warning, "Confirmed as gone by a person: {Workers}; lost when the lease is over")]
    private partial void LogConfirmed(string workers);

    [LoggerMessage(LogLevel.Warning, "The brake was overruled: silent workers are declared lost")]
    private partial void LogOverruled();
}
