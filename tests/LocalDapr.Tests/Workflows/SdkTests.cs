using Dapr.Workflow;
using Dapr.Workflow.Registration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Testing;

namespace LocalDapr.Tests.Workflows;

/// <summary>The SDK in the process of the test, beside a LocalDapr whose clock the test moves.</summary>
public sealed class SdkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_workflow_of_a_month_is_over_in_a_moment()
    {
        var clock = new FakeTimeProvider();
        await using var dapr = await LocalDaprHost.StartAsync(new() { Clock = clock }, Cancel);
        var sidecar = await dapr.AddSidecarAsync(new() { AppId = "patient" }, Cancel);
        using var app = App(sidecar.GrpcPort, workflows => workflows.RegisterWorkflow<int, int>("Patient", async (context, days) =>
        {
            var began = context.CurrentUtcDateTime;
            for (int day = 0; day < days; day++) await context.CreateTimer(TimeSpan.FromDays(1));
            return (int)(context.CurrentUtcDateTime - began).TotalDays;
        }));
        await app.StartAsync(Cancel);
        await using var client = new DaprWorkflowClientBuilder().UseGrpcEndpoint($"http://127.0.0.1:{sidecar.GrpcPort}").Build();
        string id = await client.ScheduleNewWorkflowAsync("Patient", "one", 30, null, Cancel);
        await Eventually.Become(
            async () =>
            {
                clock.Advance(TimeSpan.FromDays(1));
                return await client.GetWorkflowStateAsync(id, cancellation: Cancel);
            }, state => state!.IsWorkflowCompleted, TimeSpan.FromSeconds(60), "the month is over", Cancel);
        var end = await client.GetWorkflowStateAsync(id, cancellation: Cancel);
        Assert.InRange(end!.ReadOutputAs<int>(), 30, 3000);
        await app.StopAsync(Cancel);
    }

    private static IHost App(int grpcPort, Action<WorkflowRuntimeOptions> register)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("DAPR_GRPC_PORT", $"{grpcPort}")]);
        builder.Services.AddDaprWorkflow(register);
        return builder.Build();
    }
}
