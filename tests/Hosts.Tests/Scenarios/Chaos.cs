using Orchestrator.Contracts.Services;
using Orchestrator.Hosts.Bed;
using Orchestrator.Hosts.Histories;

namespace Orchestrator.Hosts.Scenarios;

/// <summary>One fault after another, drawn from a seed, under a client that never stops asking; the same seed draws the same.</summary>
internal sealed class Chaos(TestBed bed, int seed)
{
    private static readonly string[] Names = ["web", "once", "jobs"];

    private readonly Random faults = new(seed);
    private readonly Random wishes = new(seed + 1);
    private readonly HashSet<string> existing = [];

    /// <summary>
    /// Breaks and asks for so long, then mends everything and releases what is good; what follows is for <see cref="TestBed.Judge"/>.
    /// </summary>
    public async Task Run(TimeSpan length, CancellationToken cancel)
    {
        var end = Wall.Now + length;
        var asking = Ask(end, cancel);
        while (Wall.Now < end && !asking.IsFaulted) await Break(cancel);
        await bed.Mend();
        await asking;
        // A bad release that nobody follows with a good one, or a service that was never good, may try for ever.
        var services = await bed.Eventually(bed.Services, _ => true, "the services are told");
        foreach (var service in services.Services.Where(s => s.State != ServiceState.Withdrawing))
            await bed.Ask(ChangeKind.Release, service.Name, 0, AtMostOne(service.Name));
    }

    /// <summary>Services that may run once only have a name that says so.</summary>
    private static bool AtMostOne(string service) => service == "once";

    private async Task Ask(DateTimeOffset end, CancellationToken cancel)
    {
        for (var version = 1; Wall.Now < end; version++)
        {
            var service = Names[wishes.Next(Names.Length)];
            var (kind, instances, image) = Draw(service);
            var change = await bed.Ask(kind, service, instances, AtMostOne(service), master: wishes.Next(2),
                version: kind == ChangeKind.Update ? version : 1, image: image);
            if (change.Outcome == Outcome.Accepted && kind == ChangeKind.Create) existing.Add(service);
            if (change.Outcome == Outcome.Accepted && kind == ChangeKind.Delete) existing.Remove(service);
            await Wall.Wait(TimeSpan.FromMilliseconds(wishes.Next(200, 3000)), cancel);
        }
    }

    private (ChangeKind Kind, int Instances, string Image) Draw(string service)
    {
        var (dice, instances) = (wishes.Next(12), wishes.Next(1, 4));
        if (!existing.Contains(service)) return (ChangeKind.Create, instances, TestBed.Image);
        return dice switch
        {
            0 or 1 => (ChangeKind.Delete, 0, ""),
            2 => (ChangeKind.Release, 0, TestBed.BrokenImage),
            3 => (ChangeKind.Release, 0, TestBed.MissingImage),
            4 => (ChangeKind.Release, 0, TestBed.Image),
            5 or 6 => (ChangeKind.Release, 0, TestBed.NextImage),
            7 => (ChangeKind.Rollback, 0, ""),
            _ => (ChangeKind.Update, instances, ""),
        };
    }

    /// <summary>One fault from its beginning to its end, and a moment of peace.</summary>
    private async Task Break(CancellationToken cancel)
    {
        var worker = BedRunFile.Workers[faults.Next(2)];
        var master = $"control-plane-{faults.Next(1, 3)}";
        var brief = TimeSpan.FromSeconds(faults.Next(1, 4));
        var length = TimeSpan.FromSeconds(faults.Next(2, 12));
        var sign = faults.Next(2) == 0 ? 1 : -1;
        Func<Task>[] all =
        [
            () => Lasting(bed.Cut(worker), length),
            () => Lasting(bed.CutFrom(worker), length),
            () => Lasting(bed.CutTo(worker), length),
            () => Lasting(bed.Lose(worker, "control", 0.3), length),
            () => Lasting(bed.Lose("control", worker, 0.3), length),
            () => Lasting(bed.Slow(worker, TimeSpan.FromMilliseconds(100 * length.TotalSeconds)), length),
            () => Lasting(bed.Skew(worker, sign * 5 * length), length),
            () => Lasting(bed.FillDisk(worker), length),
            () => Lasting(bed.FillStore(), length),
            () => Lasting(bed.StopStore(), length),
            async () => await Lasting(bed.Kill(await bed.ProcessOf(worker), worker), brief),
            async () => await Lasting(bed.Kill(await bed.ProcessOf(master), master), brief),
            async () => await Lasting(bed.Kill(await bed.Guard(worker), $"the guard of {worker}"), brief),
            async () => await Stand(await bed.ProcessOf(worker), worker, length, cancel),
            async () => await Stand(await bed.ProcessOf(master), master, brief, cancel),
            () => Stand(bed.DaprProcess, "LocalDapr", brief, cancel),
            () => Lasting(bed.EndSidecar(worker), brief),
            () => Lasting(bed.EndSidecar(master), brief),
            () => Lasting(bed.KillDapr(), brief),
            () => bed.RestartEngine(worker),
        ];
        try
        {
            await all[faults.Next(all.Length)]();
        }
        catch (NotSupportedException e)
        {
            bed.Note($"skipped: {e.Message}");
        }

        await bed.Mend();
        await Wall.Wait(TimeSpan.FromSeconds(faults.Next(1, 4)), cancel);

        async Task Lasting(Task fault, TimeSpan time)
        {
            await fault;
            await Wall.Wait(time, cancel);
        }
    }

    private async Task Stand(string process, string what, TimeSpan length, CancellationToken cancel)
    {
        await bed.Freeze(process, what);
        await Wall.Wait(length, cancel);
        await bed.Thaw(process, what);
    }
}
