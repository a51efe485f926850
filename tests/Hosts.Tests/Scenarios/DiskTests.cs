using System.Net;
using System.Text.Json.Nodes;
using Orchestrator.Hosts.Bed;
using Orchestrator.Hosts.Histories;

namespace Orchestrator.Hosts.Scenarios;

/// <summary>Disks without a byte left.</summary>
public sealed class DiskTests(SharedBed shared)
{
    [Fact]
    public async Task A_worker_whose_disk_is_full_loses_no_lease()
    {
        var bed = await shared.Fresh();
        await bed.Create("once", 2, atMostOne: true);
        await bed.FillDisk("worker-a");
        await Wall.Wait(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        Assert.All((await bed.Members()).Members, m => Assert.Equal(Contracts.Workers.WorkerHealth.Ready, m.Status));
        await bed.Mend();
        var history = await bed.Judge();
        Assert.True(history.Lives.Count == 2, history.Story());
    }

    [Fact]
    public async Task With_a_store_that_is_full_reads_go_on_and_a_change_is_done_once_it_was_asked_for_again()
    {
        var bed = await shared.Fresh();
        await bed.Create("web", 2);
        await bed.FillStore();
        var begin = Wall.Now;
        using var answer = await bed.Send(HttpMethod.Put, "/services/web", """{"instances":3}""", name: "more");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is not null, text);
        // A store that fails while it writes may have written: the change says that nobody knows, and that asking again tells.
        Assert.True((string?)JsonNode.Parse(text)!["outcome"] is "not-done" or "unknown", text);
        Assert.True(Wall.Now - begin < TimeSpan.FromSeconds(2), $"it took {Wall.Now - begin}");
        var view = await bed.Service("web");
        Assert.True(view is { Stale: true, Running: 2, Spec.Instances: 2 }, $"{view}");

        await bed.Mend();
        var again = await bed.Ask(ChangeKind.Update, "web", 3, atMostOne: false, name: "more");
        Assert.Equal(Outcome.Accepted, again.Outcome);
        await bed.Runs("web", 3);
        var history = await bed.Judge();
        Assert.True(history.Lives.Count == 3, history.Story());
    }
}
