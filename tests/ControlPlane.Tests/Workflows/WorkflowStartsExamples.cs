using System.Reflection;
using Dapr.Common.Serialization;
using Dapr.Workflow;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ControlPlane.Workflows.Stacks;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Workflows;

/// <summary>Whoever is told in its last moment hears nothing any more; somebody has to begin anew.</summary>
public sealed class WorkflowStartsExamples : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly Mock<IDaprWorkflowClient> client = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly StackWork work;
    private volatile bool runs = true;
    private int told;
    private int begun;

    public WorkflowStartsExamples()
    {
        client.Setup(it => it.GetWorkflowStateAsync("stack-shop", false, It.IsAny<CancellationToken>())).ReturnsAsync(State);
        client.Setup(it => it.RaiseEventAsync("stack-shop", "news", It.IsAny<object>(), It.IsAny<CancellationToken>()))
            .Returns(() =>
            {
                Interlocked.Increment(ref told);
                return Task.CompletedTask;
            });
        client.Setup(it => it.ScheduleNewWorkflowAsync(
                "DeployStack", "stack-shop", "shop", It.IsAny<DateTimeOffset?>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(() => $"{Interlocked.Increment(ref begun)}");
        work = new StackWork(client.Object, clock, new Logbook<StackWork>(), stopping.Token);
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    [Fact]
    public async Task One_that_ends_as_it_is_told_is_begun_anew()
    {
        work.Begin("shop");
        await PassingTime.Until(() => told, it => it == 1, "it is told");
        runs = false;
        await clock.PassUntil(TimeSpan.FromMilliseconds(100), () => begun, it => it == 1, "it is begun");
        Assert.Equal(1, told);
    }

    [Fact]
    public async Task One_that_goes_on_is_told_once_and_not_begun()
    {
        work.Begin("shop");
        await PassingTime.Until(() => told, it => it == 1, "it is told");
        var looks = client.Invocations.Count;
        await clock.PassUntil(TimeSpan.FromMilliseconds(100), () => client.Invocations.Count, it => it > looks, "it is looked at again");
        Assert.Equal((1, 0), (told, begun));
    }

    [Fact]
    public async Task News_begin_nothing()
    {
        runs = false;
        work.Tell("shop");
        await PassingTime.Until(() => client.Invocations.Count, it => it == 1, "it is looked at");
        work.Begin("shop");
        await PassingTime.Until(() => begun, it => it == 1, "it is begun");
        Assert.Equal(0, told);
    }

    /// <summary>The SDK alone can make these.</summary>
    private WorkflowState State()
    {
        var (of, now) = (typeof(WorkflowState), clock.GetUtcNow().UtcDateTime);
        var metadata = of.Assembly.GetTypes().Single(it => it.Name == "WorkflowMetadata");
        var state = runs ? WorkflowRuntimeStatus.Running : WorkflowRuntimeStatus.Completed;
        return (WorkflowState)Made(of, Made(metadata, "stack-shop", "DeployStack", state, now, now, new JsonDaprSerializer()));
    }

    private static object Made(Type type, params object?[] values) => Activator.CreateInstance(
        type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, values, null)!;
}
