using Microsoft.Extensions.DependencyInjection;
using Moq;
using Dapr.Workflow;
using Orchestrator.ControlPlane.Workflows.Maintenance;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>Taking workers out, as an operator sees it; what the workflow does is done step by step.</summary>
public sealed class MaintenanceConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_worker_is_emptied_worked_on_and_takes_instances_again()
    {
        await api.Renew("a");
        await api.Renew("b");
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        await api.CarryOut();
        var on = $"{(await api.Ask("GET /services/web"))["instances"][0]!["worker"]}";
        var begun = await api.Ask($"POST /workers/{on}/maintenance", """{"reason":"disks","deadline":"10m"}""");
        Assert.Equal((202, "draining", "disks"), (begun.Status, $"{begun["state"]}", $"{begun["reason"]}"));
        await Advance();
        await Advance();
        var list = await api.Ask("GET /maintenance");
        Assert.Equal([$"{on} draining"], list.Each("workers", "worker", "state"));
        Assert.NotEmpty(list["workers"][0]!["holds"]!.AsArray());

        await api.CarryOut();
        await api.CarryOut();
        await api.CarryOut();
        await api.Renew(on);
        await Advance();
        Assert.Equal([$"{on} ready"], (await api.Ask("GET /maintenance")).Each("workers", "worker", "state"));
        Assert.Equal(204, (await api.Ask($"DELETE /workers/{on}/maintenance?rebalance=true")).Status);
        await Advance();
        await Advance();
        Assert.Empty((await api.Ask("GET /maintenance"))["workers"].AsArray());
        Assert.DoesNotContain(" true", (await api.Ask("GET /members")).Each("members", "name", "draining"));
        Assert.Equal($"404 worker '{on}' is not in maintenance", (await api.Ask($"DELETE /workers/{on}/maintenance")).Words);
        Assert.Equal("404 no worker is named 'nobody'", (await api.Ask("POST /workers/nobody/maintenance")).Words);
    }

    [Fact]
    public async Task A_round_takes_one_after_the_other_and_can_be_stopped()
    {
        await api.Renew("a");
        await api.Renew("b");
        var round = await api.Ask("POST /maintenance", """{"workers":"all","atATime":1,"reason":"kernel"}""");
        Assert.Equal((202, """["a","b"]"""), (round.Status, round["waiting"].ToJsonString()));
        Assert.Equal(409, (await api.Ask("POST /maintenance")).Status);
        Assert.Equal(["workers[0]: no worker is named 'x'"], (await api.Ask("POST /maintenance", """{"workers":["x"]}""")).Errors);
        Assert.Equal(["workers: is a list of names, or \"all\""], (await api.Ask("POST /maintenance", """{"workers":"some"}""")).Errors);
        await Advance();
        await Advance();
        Assert.Equal(["a ready"], (await api.Ask("GET /maintenance")).Each("workers", "worker", "state"));
        Assert.Equal(204, (await api.Ask("DELETE /maintenance")).Status);
        Assert.Equal("stopped", $"{(await api.Ask("GET /maintenance"))["round"]["state"]}");
        Assert.Equal("409 no round of maintenance is under way", (await api.Ask("DELETE /maintenance")).Words);
    }

    private Task<MaintenanceTurn> Advance() => ActivatorUtilities.CreateInstance<AdvanceMaintenance>(api.Services)
        .RunAsync(Mock.Of<WorkflowActivityContext>(), "");
}
