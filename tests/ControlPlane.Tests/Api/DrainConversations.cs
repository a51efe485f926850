using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Api;

public sealed class DrainConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_worker_is_drained_and_undrained()
    {
        await api.Renew("a");
        Assert.Equal(204, (await api.Ask("POST /workers/a/drain")).Status);
        Assert.True((await api.Renew("a")).Draining);
        Assert.Equal(204, (await api.Ask("POST /workers/a/drain")).Status);
        Assert.Equal(204, (await api.Ask("POST /workers/a/undrain")).Status);
        Assert.False((await api.Renew("a")).Draining);
    }

    [Theory]
    [InlineData("POST /workers/a/drain")]
    [InlineData("POST /workers/a/drain?wait=true")]
    [InlineData("POST /workers/a/drain?dryRun=true")]
    [InlineData("POST /workers/a/undrain")]
    [InlineData("POST /workers/master-a/drain")]
    public async Task A_worker_that_is_not_there_is_not_found(string request) =>
        Assert.Equal($"404 no worker is named '{request.Split('/')[2]}'", (await api.Ask(request)).Words);

    [Theory]
    [InlineData(0)]
    [InlineData(601)]
    public async Task One_waits_for_1_to_600_seconds(int seconds)
    {
        await api.Renew("a");
        var answer = await api.Ask($"POST /workers/a/drain?wait=true&timeoutSeconds={seconds}");
        Assert.Equal("400 timeoutSeconds: must be 1 to 600", answer.Words);
        Assert.False((await api.Renew("a")).Draining);
    }

    [Fact]
    public async Task Who_waits_is_answered_at_once_when_nothing_is_there()
    {
        await api.Renew("a");
        var answer = await api.Ask("POST /workers/a/drain?wait=true");
        Assert.Equal((200, """{"worker":"a","empty":true,"holds":[]}"""), (answer.Status, answer.Json!.ToJsonString()));
    }

    [Fact]
    public async Task Who_waits_is_answered_when_the_last_instance_has_left()
    {
        await ServedByA();
        var waiting = api.Ask("POST /workers/a/drain?wait=true");
        await PassingTime.Until(() => api.Workers.Asked.Contains("run web-1-r1-a2 on b"), moved => moved, "it moves");
        Assert.False(waiting.IsCompleted);
        await api.CarryOut();
        await api.Renew("a");
        await api.Clock.PassUntil(waiting, TimeSpan.FromMilliseconds(250));
        Assert.Equal("""{"worker":"a","empty":true,"holds":[]}""", (await waiting).Json!.ToJsonString());
    }

    [Fact]
    public async Task A_worker_is_not_empty_while_something_is_on_its_way_to_it()
    {
        await api.Renew("a");
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        var answer = await api.AskAndWait("POST /workers/a/drain?wait=true&timeoutSeconds=2");
        Assert.StartsWith("409 'a' is draining and not empty yet: web-1-r1-a1: ", answer.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_is_not_empty_while_it_reports_instances_of_which_no_record_knows()
    {
        await api.Renew("a", instances: 2);
        var answer = await api.AskAndWait("POST /workers/a/drain?wait=true&timeoutSeconds=2");
        Assert.Equal("409 'a' is draining and not empty yet: a reports 2 instances", answer.Words);
    }

    [Fact]
    public async Task Who_waited_in_vain_is_told_what_holds_the_worker()
    {
        await ServedByA("""{"image":"web:1","placement":{"constraints":["zone == north"]}}""");
        var answer = await api.AskAndWait("POST /workers/a/drain?wait=true&timeoutSeconds=2");
        Assert.Equal((409, "false"), (answer.Status, $"{answer["empty"]}"));
        Assert.Equal("application/problem+json", answer.Type);
        Assert.StartsWith("409 'a' is draining and not empty yet: web-1-r1-a1: ", answer.Words, StringComparison.Ordinal);
        Assert.StartsWith("web-1-r1-a1: ", $"{answer["holds"][0]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_tells_the_moves_of_all_services_and_drains_nothing()
    {
        await ServedByA();
        var plan = await api.Ask("POST /workers/a/drain?dryRun=true");
        Assert.Equal(200, plan.Status);
        Assert.Equal(["run web-1-r1-a2 on b", "stop web-1-r1-a1 on a", "forget web-1-r1-a1 on a"], plan.Steps);
        Assert.False((await api.Renew("a", instances: 1, zone: "north", services: "web")).Draining);
    }

    /// <summary>One instance on a, and an idle worker b beside it.</summary>
    private async Task ServedByA(string spec = """{"image":"web:1"}""")
    {
        await api.Renew("a", zone: "north");
        await api.Ask("POST /services/web", spec);
        await api.CarryOut();
        await api.Renew("a", instances: 1, zone: "north", services: "web");
        await api.Renew("b");
        api.Clock.Advance(TimeSpan.FromMilliseconds(500));
    }
}
