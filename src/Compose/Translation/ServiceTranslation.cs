using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>One service of a project as one of a stack.</summary>
internal static class ServiceTranslation
{
    private const string NotForStacks = "means nothing in a cluster, and is left out";

    public static StackService Of(string name, Section service, Translating it)
    {
        var dependsOn = Dependencies.Of(name, service, it);
        var image = Image(service);
        var program = ProgramFields.Of(service, it);
        var network = NetworkFields.Of(service, it);
        var resources = ResourceFields.Of(service, out var deploy);
        var container = new ContainerSpec
        {
            Image = image,
            Entrypoint = program.Entrypoint,
            Command = program.Command,
            Env = EnvironmentFields.Of(service, it),
            WorkingDir = service.Filled("working_dir"),
            User = service.Filled("user"),
            GroupAdd = service.Texts("group_add"),
            Ports = PortFields.Of(service, network.Mode),
            Volumes = MountFields.Of(service, it),
            Tmpfs = service.Texts("tmpfs"),
            Resources = resources,
            Health = HealthFields.Of(service.Below("healthcheck")),
            StopSignal = service.Filled("stop_signal"),
            StopGrace = service.Duration("stop_grace_period") ?? TimeSpan.FromSeconds(10),
            Init = service.Flag("init") ?? false,
            Tty = service.Flag("tty") ?? false,
            ContainerLabels = LabelFields.Of(service, it),
            Hostname = service.Filled("hostname"),
            NetworkMode = network.Mode,
            ExtraHosts = network.Hosts,
            Dns = service.Texts("dns"),
            ReadOnly = service.Flag("read_only") ?? false,
            ShmSize = service.Size("shm_size"),
            Ulimits = RightFields.Ulimits(service),
            Sysctls = service.Pairs("sysctls"),
            CapAdd = service.Texts("cap_add").Distinct().ToValueList(),
            CapDrop = service.Texts("cap_drop").Distinct().ToValueList(),
            SecurityOpt = RightFields.SecurityOptions(service, it),
            Privileged = service.Flag("privileged") ?? false,
            Devices = RightFields.Devices(service),
            Gpus = GpuFields.Of(service, deploy.Below("resources").Below("reservations")),
            Logging = Logging(service.Below("logging")),
            PullPolicy = Pull(service),
            Secrets = ContentFields.Of(service, ContentKind.Secret, it),
            Configs = ContentFields.Of(service, ContentKind.Config, it),
        };
        var spec = DeployFields.Of(new ServiceSpec { Container = container }, service, deploy);
        NotDone(service);
        service.End();
        return new() { Spec = spec, DependsOn = dependsOn };
    }

    private static string Image(Section service)
    {
        var image = service.Text("image") ?? "";
        if (service.Take("build") is not null && image.Length > 0)
            service.Note("build", "nothing is built: the workers pull the image, so build it and push it to their registry first");
        else if (service.Take("build") is not null)
            service.Wrong("build",
                "nothing is built in a cluster: build the image, push it to a registry that the workers reach, and name it with image:");
        else if (image.Length == 0)
            service.Wrong("image", "is required");
        return image;
    }

    private static Logging Logging(Section logging)
    {
        var driver = logging.Text("driver");
        var options = logging.Pairs("options");
        logging.End();
        return driver is null ? new() { Options = options } : new() { Driver = driver, Options = options };
    }

    private static PullPolicy Pull(Section service)
    {
        switch (service.Text("pull_policy"))
        {
            case null or "missing" or "if_not_present":
                return PullPolicy.Missing;
            case "always":
                return PullPolicy.Always;
            case "never":
                return PullPolicy.Never;
            case "build":
                service.Note("pull_policy", "nothing is built: the image is pulled where it is missing");
                return PullPolicy.Missing;
            case "daily" or "weekly" or "refresh":
            case var policy when policy.StartsWith("every_", StringComparison.Ordinal) && policy.Length > 6:
                service.Note("pull_policy", "the registry is asked when the stack is deployed, at every start, and by restart with pull");
                return PullPolicy.Always;
            default:
                service.Wrong("pull_policy", "is always, never, missing, build, daily, weekly or every_ and a time");
                return PullPolicy.Missing;
        }
    }

    /// <summary>Fields that our spec has nothing for.</summary>
    private static void NotDone(Section service)
    {
        service.Silent("profiles", "attach", "expose", "develop", "pull_refresh_after");
        service.Instead("instances are called after the service, its slot and its revision", "container_name");
        service.Instead("are not set", "annotations");
        service.Instead("is not set: the engine's own counts", "cgroup", "cgroup_parent", "runtime", "isolation", "userns_mode",
            "storage_opt", "mem_swappiness", "oom_kill_disable", "cpu_rt_period", "cpu_rt_runtime", "mac_address");
        service.Instead("is not set: the shares follow from what is reserved", "cpu_shares");
        service.Instead("is not set: any processor is used; cpus bounds how much", "cpuset", "cpu_count", "cpu_percent");
        service.Instead("the container has a namespace of its own", "ipc", "pid", "uts");
        service.Instead("is not set: the container has its host name alone", "domainname");
        service.Instead("are not set: the engine's own count", "dns_opt", "dns_search");
        service.Instead("are not set: the devices of the service are all that it may use", "device_cgroup_rules");
        service.Instead("is not run", "pre_start", "post_start", "pre_stop");
        service.Instead("is closed: no program waits for anybody who types", "stdin_open");
        service.Instead("is not passed on: the image is pulled for what the worker is", "platform");
        service.Instead("do not resolve: reach them by an address", "external_links");
        service.Instead(NotForStacks, "credential_spec", "use_api_socket");
        service.Instead("are not run; their variables are not set", "models");
    }
}
