using System.Text.Json;
using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.ControlPlane.Tests.Workflows.Histories;

/// <summary>What happens to a workflow, one thing a turn, by the second at which it does. It is told until the workflow ends.</summary>
internal sealed record Story(string Name, params (int Second, HistoryEvent Event)[] Turns)
{
    public static DateTimeOffset Time(int second) => CalmCluster.Start.AddSeconds(second);

    public static HistoryEvent Begins(string workflow, object input) => new()
    {
        ExecutionStarted = new()
        {
            Name = workflow, Input = Json(input), WorkflowInstance = new() { InstanceId = "it", ExecutionId = "the first" },
        },
    };

    /// <param name="task">The number of the call in the workflow; calls and timers are counted together, from 0.</param>
    public static HistoryEvent Done(int task, object result) =>
        new() { TaskCompleted = new() { TaskScheduledId = task, Result = Json(result) } };

    public static HistoryEvent Fails(int task) => new()
    {
        TaskFailed = new() { TaskScheduledId = task, FailureDetails = new() { ErrorType = "Trouble", ErrorMessage = "none" } },
    };

    public static HistoryEvent Fires(int timer, int second) =>
        new() { TimerFired = new() { TimerId = timer, FireAt = Time(second).ToTimestamp() } };

    public static HistoryEvent Raised(string name, string input) => new() { EventRaised = new() { Name = name, Input = Json(input) } };

    private static string Json(object value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
}
