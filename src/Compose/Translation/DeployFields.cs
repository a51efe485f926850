using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>How many instances there are, and how they are updated, restarted and placed.</summary>
internal static class DeployFields
{
    public static ServiceSpec Of(ServiceSpec spec, Section service, Section deploy)
    {
        var mode = deploy.Text("mode");
        var count = Count(service, deploy, mode);
        deploy.Instead("there is no address of the service itself: clients take one of its endpoints", "endpoint_mode");
        deploy.Instead("a rollback goes as update_config says", "rollback_config");
        spec = spec with
        {
            Instances = count, Mode = mode is "global" or "global-job" ? ServiceMode.Global : ServiceMode.Replicated,
            Labels = deploy.Pairs("labels"),
            Update = UpdateFields.Of(spec.Update, deploy.Below("update_config")),
            Restart = RestartFields.Of(service, deploy.Below("restart_policy")),
            Placement = PlacementFields.Of(deploy.Below("placement")),
        };
        deploy.Silent("resources", "update_config", "restart_policy", "placement");
        deploy.End();
        return spec;
    }

    private static int Count(Section service, Section deploy, string? mode)
    {
        if (mode is not (null or "replicated" or "global" or "replicated-job" or "global-job"))
            deploy.Wrong("mode", "is replicated, global, replicated-job or global-job");
        var (scale, replicas) = (service.Number("scale", 0), deploy.Number("replicas", 0));
        if (scale is { } one && replicas is { } other && one != other)
            service.Wrong("scale", $"is {one}, and deploy.replicas is {other}: they must agree");
        var count = replicas ?? scale ?? 1;
        if (count > 1 && service.Take("container_name") is not null)
            service.Wrong("container_name", $"is one name, and {count} containers are wanted");
        if (mode is not ("global" or "global-job") || replicas is null) return mode is "global" or "global-job" ? 1 : count;
        deploy.Note("replicas", "counts only where mode is replicated: a global service runs once on each worker");
        return 1;
    }
}
