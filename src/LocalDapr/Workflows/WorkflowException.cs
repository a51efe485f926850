namespace LocalDapr.Workflows;

/// <summary>A refusal of the workflow API in the words of the runtime.</summary>
internal sealed class WorkflowException(WorkflowRefusal refusal, string message) : Exception(message)
{
    public WorkflowRefusal Refusal => refusal;
}

internal enum WorkflowRefusal
{
    /// <summary>There is no such instance.</summary>
    UnknownInstance,

    /// <summary>Only what has ended may be treated so.</summary>
    NotOver,

    /// <summary>The id is taken by an instance that runs.</summary>
    AlreadyExists,

    /// <summary>What is asked for is not there.</summary>
    NotFound,

    /// <summary>The question makes no sense.</summary>
    Invalid,

    /// <summary>It waits for other code before it takes anything.</summary>
    Stalled,

    /// <summary>The app has no state store for actors.</summary>
    NoStore,

    /// <summary>More than a message may hold.</summary>
    TooLarge,

    /// <summary>The sidecar ends.</summary>
    Stopping,
}
