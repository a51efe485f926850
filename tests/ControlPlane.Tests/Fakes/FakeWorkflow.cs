using System.Reflection;
using Dapr.Common.Serialization;
using Dapr.Workflow;
using Moq;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>The one workflow of an id: what is done to it is noted, and the test says whether it runs.</summary>
internal sealed class FakeWorkflow
{
    private readonly Mock<IDaprWorkflowClient> client = new();
    private readonly string id;
    private int looks;
    private int told;
    private int begun;

    public FakeWorkflow(string id)
    {
        this.id = id;
        client.Setup(it => it.GetWorkflowStateAsync(id, It.IsAny<bool>(), It.IsAny<CancellationToken>())).ReturnsAsync(() =>
        {
            Interlocked.Increment(ref looks);
            return State();
        });
        client.Setup(it => it.RaiseEventAsync(id, It.IsAny<string>(), It.IsAny<object>(), It.IsAny<CancellationToken>())).Returns(() =>
        {
            Interlocked.Increment(ref told);
            return Task.CompletedTask;
        });
        client.Setup(it => it.ScheduleNewWorkflowAsync(
                It.IsAny<string>(), id, It.IsAny<object>(), It.IsAny<DateTimeOffset?>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(() =>
            {
                Interlocked.Increment(ref begun);
                return id;
            });
    }

    public IDaprWorkflowClient Client => client.Object;

    public bool Runs { get; set; }

    public int Looks => Volatile.Read(ref looks);

    public int Told => Volatile.Read(ref told);

    public int Begun => Volatile.Read(ref begun);

    /// <summary>The SDK alone can make these.</summary>
    private WorkflowState State()
    {
        var metadata = typeof(WorkflowState).Assembly.GetTypes().Single(it => it.Name == "WorkflowMetadata");
        var state = Runs ? WorkflowRuntimeStatus.Running : WorkflowRuntimeStatus.Completed;
        return (WorkflowState)Made(typeof(WorkflowState), Made(
            metadata, id, "Any", state, DateTime.UnixEpoch, DateTime.UnixEpoch, new JsonDaprSerializer()));
    }

    private static object Made(Type type, params object?[] values) => Activator.CreateInstance(
        type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, values, null)!;
}
