using System.Text.Json;
using System.Text.Json.Nodes;
using Dapr.DurableTask.Protobuf;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using static Dapr.DurableTask.Protobuf.WorkflowAction;

namespace Orchestrator.ControlPlane.Tests.Workflows.Histories;

/// <summary>A turn of a workflow: when it was, what was new, and what the release that kept it answered.</summary>
internal sealed record KeptTurn(DateTimeOffset At, IReadOnlyList<HistoryEvent> New, IReadOnlyList<WorkflowAction> Answer)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static List<KeptTurn> Read(string json) => [.. JsonNode.Parse(json)!.AsArray().Select(it => new KeptTurn(
        DateTimeOffset.Parse($"{it!["at"]}", System.Globalization.CultureInfo.InvariantCulture),
        [.. it["new"]!.AsArray().Select(Parse<HistoryEvent>)], [.. it["answer"]!.AsArray().Select(Parse<WorkflowAction>)]))];

    public static string Write(IEnumerable<KeptTurn> turns) => new JsonArray([.. turns.Select(it => new JsonObject
    {
        ["at"] = it.At, ["new"] = Json(it.New), ["answer"] = Json(it.Answer),
    })]).ToJsonString(Readable) + "\n";

    /// <summary>What was answered, for comparison.</summary>
    public static string Words(IEnumerable<WorkflowAction> answer) => Json(answer).ToJsonString(Readable);

    /// <summary>The beginning of the turn and what is new in it.</summary>
    public IEnumerable<HistoryEvent> Events() =>
        New.Prepend(new HistoryEvent { WorkflowStarted = new() }).Select(it =>
        {
            var copy = it.Clone();
            (copy.EventId, copy.Timestamp) = (-1, At.ToTimestamp());
            return copy;
        });

    /// <summary>What the answer leaves in the history.</summary>
    public IEnumerable<HistoryEvent> Left() => Answer.Select(action =>
    {
        var it = new HistoryEvent { EventId = action.Id, Timestamp = At.ToTimestamp() };
        switch (action.WorkflowActionTypeCase)
        {
            case WorkflowActionTypeOneofCase.ScheduleTask:
                it.TaskScheduled = new()
                {
                    Name = action.ScheduleTask.Name, Input = action.ScheduleTask.Input,
                    TaskExecutionId = action.ScheduleTask.TaskExecutionId,
                };
                break;
            case WorkflowActionTypeOneofCase.CreateTimer:
                it.TimerCreated = new() { FireAt = action.CreateTimer.FireAt, ExternalEvent = action.CreateTimer.ExternalEvent };
                if (action.CreateTimer.ExternalEvent is null) it.TimerCreated.CreateTimer = action.CreateTimer.CreateTimer;
                break;
            default:
                throw new NotSupportedException($"what {action.WorkflowActionTypeCase} leaves in a history");
        }

        return it;
    });

    private static JsonArray Json(IEnumerable<IMessage> messages) =>
        new([.. messages.Select(it => JsonNode.Parse(JsonFormatter.Default.Format(it)))]);

    private static T Parse<T>(JsonNode? json) where T : IMessage, new() => JsonParser.Default.Parse<T>(json!.ToJsonString());
}
