namespace Orchestrator.Contracts.Workers;

/// <summary>Methods of a worker, called by Dapr service invocation with POST; body and answer are JSON.</summary>
public static class WorkerMethods
{
    /// <summary>RunInstance → OrderAnswer.</summary>
    public const string Run = "instances/run";

    /// <summary>PrepareInstance → OrderAnswer.</summary>
    public const string Prepare = "instances/prepare";

    /// <summary>StopInstance → OrderAnswer.</summary>
    public const string Stop = "instances/stop";

    /// <summary>ForgetInstance → OrderAnswer.</summary>
    public const string Forget = "instances/forget";

    /// <summary>ImageQuestion → ImageAnswer.</summary>
    public const string FindImage = "images/find";

    /// <summary>LogQuestion → lines of LogNews, for as long as there are some to come.</summary>
    public const string Logs = "logs";

    /// <summary>Nothing → WorkerVolumes.</summary>
    public const string ListVolumes = "volumes/list";

    /// <summary>VolumeRemoval → VolumeRemoved.</summary>
    public const string RemoveVolume = "volumes/remove";

    /// <summary>InstanceQuestion → InstanceSeen.</summary>
    public const string Inspect = "instances/inspect";

    /// <summary>InstanceQuestion → ProcessTable.</summary>
    public const string Top = "instances/top";

    /// <summary>StatsQuestion → lines of InstanceStats, for as long as there are some to come.</summary>
    public const string Stats = "stats";

    /// <summary>ExecStart → ExecDone.</summary>
    public const string ExecStart = "exec/start";

    /// <summary>ExecListen → lines of ExecPiece, until the program has ended.</summary>
    public const string ExecOutput = "exec/output";

    /// <summary>ExecInput → ExecDone.</summary>
    public const string ExecInput = "exec/input";

    /// <summary>ExecResize → ExecDone.</summary>
    public const string ExecResize = "exec/resize";

    /// <summary>ExecEnd → ExecDone.</summary>
    public const string ExecEnd = "exec/end";
}
