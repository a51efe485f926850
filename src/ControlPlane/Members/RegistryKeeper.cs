using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Members;

/// <summary>
/// The whole behaviour of the MemberRegistry: keeps the table of leases in memory and what must survive in the store. Every renewal, also
/// of a master, judges everyone, so that time passes here without a timer. Its calls must come one at a time; the actor sees to that.
/// </summary>
internal sealed partial class RegistryKeeper(
    IStoredRecord<MemberRecord> record, IAlarm alarm, ControlPlaneOptions options, TimeProvider clock, ILogger<RegistryKeeper> log)
{
    private readonly Dictionary<string, (MasterReport Report, DateTimeOffset SeenAt)> masters = new(StringComparer.Ordinal);
    private MemberTable? table;
    private ValueList<KnownWorker> saved = [];

    public async Task<LeaseAnswer> Renew(WorkerReport report)
    {
        var (next, answer, change) = (await Table()).Renew(report, options.Liveness, clock.GetUtcNow());
        await Become(next, change is null ? [] : [change]);
        return answer;
    }

    public async Task RenewMaster(MasterReport report)
    {
        masters[report.Name] = (report, clock.GetUtcNow());
        foreach (var gone in masters.Where(m => clock.GetUtcNow() - m.Value.SeenAt > options.MasterForgottenAfter).Select(m => m.Key)
            .ToList())
            masters.Remove(gone);
        await Become(await Table(), []);
    }

    public async Task<MemberList> Members()
    {
        var now = clock.GetUtcNow();
        var current = await Table();
        var ofMasters = masters.Values.OrderBy(m => m.Report.Name, StringComparer.Ordinal).Select(m => MasterOf(m.Report, now - m.SeenAt));
        return new MemberList([.. ofMasters, .. current.Members(options.Liveness, now)], current.Brake);
    }

    public async Task<ValueList<Worker>> Workers() => (await Table()).Workers(options.Liveness, clock.GetUtcNow());

    public async Task<bool> SetDraining(DrainWish wish)
    {
        if ((await Table()).SetDraining(wish) is not var (next, change)) return false;
        await Become(next, change is null ? [] : [change]);
        return true;
    }

    public async Task WaitsForRoom(string service) => table = (await Table()).WaitsForRoom(service);

    public async Task OverruleBrake()
    {
        LogOverruled();
        await Become(await Table() with { BrakeOverruled = true }, []);
    }

    private Member MasterOf(MasterReport report, TimeSpan silence) => new()
    {
        Name = report.Name,
        Role = MemberRole.Master,
        Address = report.Address,
        Status = silence > options.Liveness.LostAfter ? WorkerHealth.Lost
            : silence > options.Liveness.SuspectAfter ? WorkerHealth.Suspect
            : WorkerHealth.Ready,
        Silence = silence,
    };

    private async Task<MemberTable> Table()
    {
        if (table is not null) return table;
        saved = (await record.Load())?.Workers ?? [];
        return table = MemberTable.From(saved, clock.GetUtcNow());
    }

    /// <summary>Judges, saves what must survive, and only then lets anybody act on it.</summary>
    private async Task Become(MemberTable next, ValueList<MemberChange> changes)
    {
        var (judged, lost) = next.Judge(options.Liveness, clock.GetUtcNow());
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
    }

    [LoggerMessage(LogLevel.Information, "Worker {Worker} {What}; {Services} services look again")]
    private partial void LogChange(string worker, string what, int services);

    [LoggerMessage(LogLevel.Warning, "Brake: {Brake}")]
    private partial void LogBrake(string brake);

    [LoggerMessage(LogLevel.Warning, "The brake was overruled: silent workers are declared lost")]
    private partial void LogOverruled();
}
