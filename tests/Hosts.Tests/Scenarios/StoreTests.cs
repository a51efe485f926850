using System.Net;
using System.Text.Json.Nodes;
using Orchestrator.Hosts.Bed;
using Orchestrator.Hosts.Histories;

namespace Orchestrator.Hosts.Scenarios;

/// <summary>A store that neither takes a change nor refuses it.</summary>
public sealed class StoreTests(SharedBed shared)
{
    [Fact]
    public async Task While_the_store_stands_still_what_runs_goes_on_and_a_change_tells_what_became_of_it()
    {
        SharedBed.OnlyByHand();
        var bed = await shared.Fresh();
        await bed.Create("web", 2);
        await bed.Create("once", 2, atMostOne: true);
        await bed.StopStore();
        var goesOn = Wall.Now.AddSeconds(12);
        using var answer = await bed.Send(HttpMethod.Put, "/services/web", """{"instances":3}""", name: "more");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, text);
        Assert.True((string?)JsonNode.Parse(text)!["outcome"] is "not-done" or "unknown", text);
        // Everything that is known can be read meanwhile, of either master, and nobody waits long for it.
        string[] paths = ["/services/web", "/services/web/explain", "/services/web/history", "/services/once", "/services", "/members"];
        for (var n = 0; Wall.Now < goesOn; n++)
        {
            var (path, begin) = (paths[n % paths.Length], Wall.Now);
            using var read = await bed.Send(HttpMethod.Get, path, master: n / paths.Length % 2);
            var known = await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(read.StatusCode == HttpStatusCode.OK, $"{path} after {Wall.Now - begin}: {known}");
            Assert.True(Wall.Now - begin < TimeSpan.FromSeconds(4), $"{path} took {Wall.Now - begin}");
            if (path.Contains("/web", StringComparison.Ordinal)) Assert.True((bool)JsonNode.Parse(known)!["stale"]!, known);
        }

        await bed.Mend();
        await bed.Ask(ChangeKind.Update, "web", 3, atMostOne: false, name: "more");
        await bed.Runs("web", 3);
        var history = await bed.Judge();
        Assert.True(history.Lives.Count == 5, history.Story());
    }
}
