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

    /// <summary>Breaks and asks for so long, then mends everything; what follows is for <see cref="TestBed.Judge"/>.</summary>
    public async Task Run(TimeSpan length, CancellationToken cancel)
    {
        var end = Wall.Now + length;
        var asking = Ask(end, cancel);
        while (Wall.Now < end && !asking.IsFaulted) await Break(cancel);
        await bed.Mend();
        await asking;
    }

    /// <summary>Services that may run once only have a name that says so.</summary>
    private static bool AtMostOne(string service) => service == "once";

    private async Task Ask(DateTimeOffset end, CancellationToken cancel)
    {
        for (var version = 1; Wall.Now < end; version++)
        {
            var service = Names[wishes.Next(Names.Length)];
            var (kind, instances) = Draw(service);
            var change = await bed.Ask(
                kind, service, instances, AtMostOne(service), master: wishes.Next(2), version: kind == ChangeKind.Update ? version : 1);
            if (change.Outcome == Outcome.Accepted && kind != ChangeKind.Update)
            {
                if (kind == ChangeKind.Create) existing.Add(service);
                else existing.Remove(service);
            }

            await Wall.Wait(TimeSpan.FromMilliseconds(wishes.Next(200, 3000)), cancel);
        }
    }

    private (ChangeKind Kind, int Instances) Draw(string service)
    {
        var dice = wishes.Next(10);
        if (!existing.Contains(service)) return (ChangeKind.Create, wishes.Next(1, 4));
        return dice < 2 ? (ChangeKind.Delete, 0) : (ChangeKind.Update, wishes.Next(1, 4));
    }

    /// <summary>One fault from its beginning to its end, and a moment of peace.</summary>
    private async Task Break(CancellationToken cancel)
    {
        var worker = BedRunFile.Workers[faults.Next(2)];
        var master = $"control-plane-{faults.Next(1, 3)}";
        var brief = TimeSpan.FromSeconds(faults.Next(1, 4));
        var length = TimeSpan.FromSeconds(faults.Next(2, 12));
        switch (faults.Next(10))
        {
            case 0:
                await bed.Cut(worker);
                await Wall.Wait(length, cancel);
                break;
            case 1:
                await bed.CutFrom(worker);
                await Wall.Wait(length, cancel);
                break;
            case 2:
                await bed.CutTo(worker);
                await Wall.Wait(length, cancel);
                break;
            case 3:
                await bed.Lose(worker, "control", 0.3);
                await Wall.Wait(length, cancel);
                break;
            case 4:
                await bed.Kill(await bed.ProcessOf(worker), worker);
                await Wall.Wait(brief, cancel);
                break;
            case 5:
                await Stand(await bed.ProcessOf(worker), worker, length, cancel);
                break;
            case 6:
                await bed.Kill(await bed.ProcessOf(master), master);
                await Wall.Wait(brief, cancel);
                break;
            case 7:
                await Stand(await bed.ProcessOf(master), master, brief, cancel);
                break;
            case 8:
                await Stand(bed.DaprProcess, "LocalDapr", brief, cancel);
                break;
            default:
                await bed.FillDisk(worker);
                await Wall.Wait(length, cancel);
                break;
        }

        await bed.Mend();
        await Wall.Wait(TimeSpan.FromSeconds(faults.Next(1, 4)), cancel);
    }

    private async Task Stand(string process, string what, TimeSpan length, CancellationToken cancel)
    {
        await bed.Freeze(process, what);
        await Wall.Wait(length, cancel);
        await bed.Thaw(process, what);
    }
}
