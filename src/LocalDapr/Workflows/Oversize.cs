using Dapr.DurableTask.Protobuf;

namespace LocalDapr.Workflows;

/// <summary>
/// Answers above the size of a message. Dapr refuses them, upon which the worker gives up all that it does, is asked again, and answers the
/// same, for ever; here the activity or the workflow has failed, and says so.
/// </summary>
internal static class Oversize
{
    public static ActivityResponse Failed(ActivityResponse answer, int most) => new()
    {
        InstanceId = answer.InstanceId, TaskId = answer.TaskId, CompletionToken = answer.CompletionToken,
        FailureDetails = Details("the result of the activity", answer.CalculateSize(), most),
    };

    public static WorkflowResponse Failed(WorkflowResponse answer, int most) => new()
    {
        InstanceId = answer.InstanceId, CompletionToken = answer.CompletionToken, Version = answer.Version,
        Actions =
        {
            new WorkflowAction
            {
                CompleteWorkflow = new()
                {
                    WorkflowStatus = OrchestrationStatus.Failed,
                    FailureDetails = Details("what the workflow asked for in one turn", answer.CalculateSize(), most),
                },
            },
        },
    };

    private static TaskFailureDetails Details(string what, int size, int most) => new()
    {
        ErrorType = "PayloadTooLarge", IsNonRetriable = true,
        ErrorMessage = $"{what} is {size} bytes long; a message may hold {most}. Keep it elsewhere and pass its name",
    };
}
