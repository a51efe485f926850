using Orchestrator.Contracts.Services;
using static Orchestrator.Client.Tests.PlayedMasters;

namespace Orchestrator.Client.Tests.Services;

public sealed class ListExamples
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_are_asked_for_as_they_are_needed()
    {
        var masters = new PlayedMasters().With("a", it => Json(it.Target.Contains("after=b", StringComparison.Ordinal)
            ? $$"""{"services":[{{Line("c")}}]}""" : $$"""{"services":[{{Line("a")}},{{Line("b")}}],"next":"b"}"""));
        using var client = masters.Client();
        Assert.Equal(["a", "b"], await client.Services.List(pageSize: 2, cancel: Cancel).Take(2).Select(it => it.Name).ToListAsync(Cancel));
        Assert.Single(masters.Questions);
        Assert.Equal(["a", "b", "c"], await client.Services.List(pageSize: 2, cancel: Cancel).Select(it => it.Name).ToListAsync(Cancel));
        Assert.Equal(["GET a/services?limit=2", "GET a/services?limit=2", "GET a/services?after=b&limit=2"], masters.Words);
    }

    [Fact]
    public async Task A_list_may_be_sieved()
    {
        var masters = new PlayedMasters().With("a", _ => Json("""{"services":[]}"""));
        using var client = masters.Client();
        await client.Services.Page(new("team", "a b", ServiceState.Updating, "worker-a"), cancel: Cancel);
        await client.Services.Page(new("team"), cancel: Cancel);
        Assert.Equal(
            ["GET a/services?limit=500&label=team%3Da%20b&state=updating&worker=worker-a", "GET a/services?limit=500&label=team"],
            masters.Words);
    }

    [Fact]
    public async Task What_is_not_there_is_found_to_be_none()
    {
        var masters = new PlayedMasters().With("a", _ => Problem(System.Net.HttpStatusCode.NotFound, "{}"));
        using var client = masters.Client();
        Assert.Null(await client.Services.Find("web", Cancel));
    }

    private static string Line(string name) =>
        $$"""{"name":"{{name}}","image":"i","revision":1,"wanted":1,"observed":true,"state":"running"}""";
}
