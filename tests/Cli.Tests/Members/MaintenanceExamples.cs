using Orchestrator.Contracts.Maintenance;

namespace Orchestrator.Cli.Tests.Members;

/// <summary>Workers that are taken out.</summary>
public sealed class MaintenanceExamples : IDisposable
{
    private readonly Orc orc = new();

    public void Dispose() => orc.Dispose();

    [Fact]
    public async Task One_worker_is_waited_for_until_it_may_be_worked_on()
    {
        orc.Api.On("POST /workers/worker-a/maintenance", Out(MaintenanceState.Draining))
            .OnEach("GET /maintenance", All(MaintenanceState.Draining), All(MaintenanceState.Draining), All(MaintenanceState.Ready));
        var ran = await orc.Run("maintenance", "begin", "worker-a", "--reason", "a new disk", "--deadline", "10m", "--wait");
        Assert.Equal(
            (0, "✓ worker-a: is empty, and may be worked on\n", "worker-a: web-1-r1-a1: its successor starts\n"),
            (ran.Code, ran.Out, ran.Error));
        Assert.Equal("""POST /workers/worker-a/maintenance {"reason":"a new disk","deadline":"10m"}""", orc.Api.Asked.First());

        orc.Api.On("GET /maintenance", All(MaintenanceState.Failed));
        ran = await orc.Run("maintenance", "begin", "worker-a", "--wait");
        Assert.Equal((1, "orc: worker-a: not empty in time"), (ran.Code, ran.Error.Split('\n')[0]));
    }

    [Fact]
    public async Task Several_are_taken_out_one_after_the_other()
    {
        var round = new MaintenanceRound
        {
            State = MaintenanceRoundState.Running, Who = "ann", At = Things.Start, AtATime = 2, Deadline = TimeSpan.FromMinutes(30),
            Waiting = ["worker-b"], Done = ["worker-a"],
        };
        orc.Api.On("POST /maintenance", round);
        var ran = await orc.Run("maintenance", "begin", "--all", "--at-a-time", "2");
        Assert.Equal("a round of 2 at a time: back worker-a, still to come worker-b\n", ran.Out);
        Assert.Equal("""POST /maintenance {"atATime":2,"reason":"","deadline":"30m"}""", orc.Api.Asked.Single());
        await orc.Run("maintenance", "begin", "worker-a", "worker-b");
        Assert.Contains("\"workers\":[\"worker-a\",\"worker-b\"]", orc.Api.Asked.Last(), StringComparison.Ordinal);
        Assert.Equal(2, (await orc.Run("maintenance", "begin")).Code);
        Assert.Equal(2, (await orc.Run("maintenance", "begin", "worker-a", "--all")).Code);
    }

    [Fact]
    public async Task Those_that_are_out_are_listed_and_brought_back()
    {
        orc.Api.On("GET /maintenance", All(MaintenanceState.Ready))
            .On("DELETE /workers/worker-a/maintenance?rebalance=true", "", System.Net.HttpStatusCode.NoContent)
            .On("DELETE /maintenance", "", System.Net.HttpStatusCode.NoContent);
        Assert.Contains("worker-a   ready   5m    a new disk", (await orc.Run("maintenance")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await orc.Run("maintenance", "end", "worker-a", "--rebalance")).Code);
        Assert.Equal(0, (await orc.Run("maintenance", "stop")).Code);
    }

    private static MaintenanceList All(MaintenanceState state) => new([Out(state)], null);

    private static MaintenanceView Out(MaintenanceState state) => new()
    {
        Worker = "worker-a", State = state, Since = Things.Start, Who = "ann", At = Things.Start, Reason = "a new disk",
        Deadline = TimeSpan.FromMinutes(30), Holds = state == MaintenanceState.Draining ? ["web-1-r1-a1: its successor starts"] : [],
        Note = state == MaintenanceState.Failed ? "not empty in time" : null,
    };
}
