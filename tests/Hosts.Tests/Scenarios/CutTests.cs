using Orchestrator.Hosts.Bed;
using Orchestrator.Hosts.Histories;

namespace Orchestrator.Hosts.Scenarios;

/// <summary>Links that break; the histories of the engines are the judge.</summary>
public sealed class CutTests(SharedBed shared)
{
    [Theory]
    [InlineData(9)]
    [InlineData(20)]
    public async Task A_worker_that_is_cut_off_is_replaced_and_never_runs_beside_its_successor(int seconds)
    {
        var bed = await shared.Fresh();
        var worker = (await bed.Create("once", 1, atMostOne: true)).Instances.Single().Worker;
        await bed.Cut(worker);
        var healed = Wall.Now.AddSeconds(seconds);
        await bed.Eventually(() => bed.Service("once"), s => s.Running == 1 && s.Instances.All(i => i.Worker != worker), "it runs elsewhere");
        await Wall.WaitUntil(healed, TestContext.Current.CancellationToken);
        await bed.Heal();
        await bed.Judge();
    }
}
