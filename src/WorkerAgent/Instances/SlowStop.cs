using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>Why a stop takes, or took, the whole grace. Pure.</summary>
internal static class SlowStop
{
    private const int Killed = 137;

    /// <summary>While it goes on.</summary>
    public static string Waiting(Instance instance, TimeSpan grace) =>
        $"it has not ended on {Signal(instance)} yet and is killed after {Durations.FormatTenths(grace)}{Hint(instance)}";

    /// <summary>After it; none when it ended in time.</summary>
    public static string? Words(Instance instance, Container ended, TimeSpan took) =>
        ended is { State: ContainerState.Exited, ExitCode: Killed } && took >= instance.StopGrace && instance.StopGrace > TimeSpan.Zero
            ? $"took its whole grace of {Durations.FormatTenths(instance.StopGrace)} and was killed: it did not end on {Signal(instance)}"
                + Hint(instance)
            : null;

    private static string Signal(Instance instance) => instance.Spec?.StopSignal ?? "its stop signal";

    private static string Hint(Instance instance) => instance.Spec?.Init == true ? ""
        : " (as process 1 a program is given no signal that it has no handler for; \"init\": true puts an init there)";
}
