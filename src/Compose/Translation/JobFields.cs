using Orchestrator.Contracts.Services;

namespace Orchestrator.Compose.Translation;

/// <summary>What runs to its end.</summary>
internal static class JobFields
{
    public static ServiceSpec Of(ServiceSpec spec, Section deploy) =>
        spec with { Restart = spec.Restart with { Condition = deploy.Take("restart_policy") is null ? RestartCondition.OnFailure : spec.Restart.Condition } };
}
