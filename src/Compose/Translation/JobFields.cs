using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Compose.Translation;

/// <summary>
/// What runs to its end is a job: by its mode, because it is not to be started again whatever happens, or because another service waits
/// for its end.
/// </summary>
internal static class JobFields
{
    /// <summary>Without a bound, as often as a job can.</summary>
    private const int MostAttempts = 1000;

    /// <param name="isAwaited">Another service waits for its end.</param>
    public static StackService Of(StackService service, Section section, bool isAwaited)
    {
        var deploy = section.Below("deploy");
        var isByMode = deploy.Text("mode") is "replicated-job" or "global-job";
        var restart = service.Spec.Restart;
        if (!isByMode && !isAwaited && restart.Condition != RestartCondition.Never) return service;
        if (service.Spec.Mode == ServiceMode.Global)
            deploy.Note("mode", "a job runs as often as it is told, on any workers, and not once on each of them");
        var isSaid = section.Take("restart") is not null || !deploy.Below("restart_policy").IsEmpty;
        if (!isByMode && isSaid && restart.Condition == RestartCondition.Always)
            section.Note("restart", "a service whose end is waited for is a job, and begins again only when it has failed");
        return service with { Spec = Job(service.Spec, Attempts(restart, isSaid, isByMode)) };
    }

    private static ServiceSpec Job(ServiceSpec spec, int? attempts)
    {
        int? several = spec.Mode != ServiceMode.Global && spec.Instances > 1 ? spec.Instances : null;
        return spec with
        {
            Mode = ServiceMode.Job, Instances = 1, Update = new(),
            Restart = new() { Delay = spec.Restart.Delay, MaxDelay = spec.Restart.MaxDelay },
            Job = new() { Completions = several, Parallelism = several, Attempts = attempts },
        };
    }

    /// <summary>None is as many as a job has by default.</summary>
    private static int? Attempts(RestartPolicy restart, bool isSaid, bool isByMode) =>
        restart.Condition == RestartCondition.Never ? 1
        : !isSaid ? isByMode ? null : 1
        : restart.Attempts > 0 ? restart.Attempts : MostAttempts;
}
