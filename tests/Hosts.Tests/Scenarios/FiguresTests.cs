using System.Globalization;
using Orchestrator.Hosts.Bed;
using Orchestrator.Hosts.Histories;

namespace Orchestrator.Hosts.Scenarios;

/// <summary>The figures of docs/reliability.md: <c>./orchestrator chaos --figures</c> measures and prints them.</summary>
public sealed class FiguresTests(SharedBed shared)
{
    private const string Web = "web";

    private static readonly string[] Masters = ["control-plane-1", "control-plane-2"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static int Repeats => Environment.GetEnvironmentVariable("ORCHESTRATOR_FIGURES_REPEAT") is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture) : 1;

    private readonly KeptFigures kept =
        new(Environment.GetEnvironmentVariable("ORCHESTRATOR_FIGURES") is { Length: > 0 } file ? file : null);

    [Fact]
    public async Task Figures_of_machines()
    {
        await Begin();
        await Row("a container's process killed", "4 of 4 run", async bed =>
        {
            await bed.Create(Web, 4);
            return await bed.FullAgain(4, await bed.KillContainer("worker-a", bed.Name));
        });
        await Row("an agent killed, and a container of its machine", "4 of 4 run", async bed =>
        {
            await bed.Create(Web, 4);
            await bed.Kill(await bed.ProcessOf("worker-a"), "worker-a");
            return await bed.FullAgain(4, await bed.KillContainer("worker-a", bed.Name));
        });
        await Row("an agent gone for good, `stop`", "its instance runs elsewhere", async bed =>
        {
            var worker = (await bed.Create(Web, 1, atMostOne: true)).Instances.Single().Worker;
            var begin = Wall.Now;
            await bed.Away(worker, kill: true);
            return await bed.FullAgain(1, begin, without: worker);
        });
        await Row("a machine cut off, `stop`", "its instance runs elsewhere", async bed =>
        {
            var worker = (await bed.Create(Web, 1, atMostOne: true)).Instances.Single().Worker;
            await bed.Cut(worker);
            return await bed.FullAgain(1, Wall.Now, without: worker);
        });
        await Row("a machine cut off, `keep`", "4 of 4 run on the other", async bed =>
        {
            await bed.Create(Web, 4);
            await bed.Cut("worker-b");
            return await bed.FullAgain(4, Wall.Now, without: "worker-b");
        });
        await Row("an engine restarted, from the order to stop", "4 of 4 run", async bed =>
        {
            await bed.Create(Web, 4);
            var begin = Wall.Now;
            await bed.RestartEngine("worker-b");
            return await bed.FullAgain(4, begin);
        });
    }

    [Fact]
    public async Task Figures_of_masters()
    {
        await Begin();
        await OfAChange("a master killed", async (bed, n) => await bed.Kill(await bed.ProcessOf(Masters[n % 2]), Masters[n % 2]));
        await OfAChange("a master frozen", async (bed, n) => await bed.Freeze(await bed.ProcessOf(Masters[n % 2]), Masters[n % 2]));
        await OfAChange("a master's sidecar ended", (bed, n) => bed.EndSidecar(Masters[n % 2]));
        await OfAChange("LocalDapr killed, started again after 1 s", (bed, _) => bed.KillDapr());
        await OfAChange("the store stands still for 5 s", async (bed, _) => await bed.StopStore(), since: async bed =>
        {
            await Wall.Wait(TimeSpan.FromSeconds(5), Cancel);
            await bed.Mend();
        });
    }

    [Fact]
    public async Task Figures_of_swarm()
    {
        await Begin();
        await using (var swarm = await Swarm.Make(await shared.Fresh()))
        {
            await Row("Swarm mode: a container's process killed", "4 of 4 run", _ => swarm.KillContainer());
            await Row("Swarm mode: a machine cut off", "4 of 4 run on the other", _ => swarm.CutOff());
            await Row("Swarm mode: the engine of a worker node killed", "4 of 4 run on the other", _ => swarm.KillEngine());
        }

        await using var three = await Swarm.MakeOfThreeManagers(await shared.Fresh());
        await Row("Swarm mode: the leader of three managers killed", "one more, asked for right then, runs", _ => three.KillLeader());
    }

    private static Task Begin()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("ORCHESTRATOR_HOSTS") == "figures",
            "it measures for long; ./orchestrator chaos --figures runs it");
        return Console.Out.WriteLineAsync(Measured.Head);
    }

    /// <summary>Waits for one instance more, which is asked for the moment after the fault, of the master that is left.</summary>
    /// <param name="since">From its end it is counted; from the fault when none is given.</param>
    private Task OfAChange(string fault, Func<TestBed, int, Task> broken, Func<TestBed, Task>? since = null)
    {
        var n = 0;
        return Row(fault, since is null ? "one more, asked for right then, runs" : "the same, since it goes on", async bed =>
        {
            await bed.Create(Web, 3);
            var begin = Wall.Now;
            await broken(bed, n);
            var asking = UntilAccepted(bed, master: ++n % 2);
            if (since is not null)
            {
                await since(bed);
                begin = Wall.Now;
            }

            await asking;
            return await bed.FullAgain(4, begin);
        });
    }

    /// <summary>Who is told "not done" asks anew, as a person would.</summary>
    private static async Task UntilAccepted(TestBed bed, int master)
    {
        for (var deadline = Wall.Now + TestBed.Patience; ; await Wall.Wait(TimeSpan.FromMilliseconds(200), Cancel))
        {
            var change = await bed.Ask(ChangeKind.Update, Web, 4, atMostOne: false, master);
            if (change.Outcome == Outcome.Accepted) return;
            Assert.True(Wall.Now < deadline, $"{change}");
        }
    }

    private async Task Row(string fault, string until, Func<TestBed, Task<TimeSpan>> measure)
    {
        for (var n = 0; n < Repeats; n++) kept.Add(fault, until, await measure(await shared.Fresh()));
        await Console.Out.WriteLineAsync($"{kept.Of(fault, until)}");
    }
}
