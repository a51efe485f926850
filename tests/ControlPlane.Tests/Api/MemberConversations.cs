using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Api;

public sealed class MemberConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Masters_and_workers_are_listed()
    {
        await api.Renew("worker-a", instances: 1, zone: "north", services: "web");
        var members = await Members(answer => answer["members"].AsArray().Count == 2);
        Assert.Equal(
            ["master-a master http://master-a:5000 ready", "worker-a worker 10.0.0.1 ready"],
            members.Each("members", "name", "role", "address", "status"));
        var worker = members["members"][1]!;
        Assert.Equal(("8", "1"), ($"{worker["capacity"]!["cpu"]}", $"{worker["load"]!["instances"]}"));
        Assert.Equal(("""{"zone":"north"}""", """["web"]"""), (worker["labels"]!.ToJsonString(), worker["services"]!.ToJsonString()));
        Assert.Null(members.Json!["brake"]);
    }

    [Fact]
    public async Task The_brake_is_shown_and_can_be_overruled()
    {
        foreach (var name in new[] { "a", "b", "c" }) await api.Renew(name);
        for (var second = 0; second < 6; second++)
        {
            api.Clock.Advance(TimeSpan.FromSeconds(1));
            await api.Renew("c");
        }

        var braked = await Members(answer => answer.Json!["brake"] is not null);
        Assert.StartsWith("2 of 3 workers are silent", $"{braked["brake"]}", StringComparison.Ordinal);

        Assert.Equal(204, (await api.Ask("POST /members/brake/overrule")).Status);
        var members = await api.Ask("GET /members");
        Assert.Equal(["worker a lost", "worker b lost", "worker c ready"], members.Each("members", "role", "name", "status").TakeLast(3));
        Assert.Null(members.Json!["brake"]);
    }

    private Task<Answer> Members(Func<Answer, bool> condition) => Eventually.Become(
        () => api.Ask("GET /members"), condition, TimeSpan.FromSeconds(20), "the members are so", TestContext.Current.CancellationToken);
}
