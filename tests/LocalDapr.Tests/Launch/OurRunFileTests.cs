using LocalDapr.Launch;

namespace Orchestrator.LocalDapr_Tests.Launch;

/// <summary>The repository's own dapr.yaml, which real Dapr reads too.</summary>
public sealed class OurRunFileTests
{
    private readonly RunFile file = RunFileReader.Read(Repository.Root);

    [Fact]
    public void It_starts_two_masters_and_two_workers_without_a_warning()
    {
        Assert.Empty(file.Warnings);
        Assert.Equal(
            ["control-plane-1 5100", "control-plane-2 5101", "worker-a 5011", "worker-b 5012"],
                file.Apps.Select(app => $"{app.Name} {app.AppPort}"));
    }

    [Fact]
    public void The_masters_serve_their_API_at_ports_of_its_own() =>
        Assert.Equal(["5000", "5001"], file.Apps.Select(app => app.Env.GetValueOrDefault("API_PORT")).OfType<string>());

    [Fact]
    public void Every_app_has_ports_of_its_own_in_real_Dapr() =>
        Assert.All(file.Apps, app => Assert.True(
            app is { DaprHttpPort: > 0, DaprGrpcPort: > 0, DaprInternalGrpcPort: > 0, MetricsPort: > 0 }, app.Name));

    [Fact]
    public void The_probe_times_out_before_the_next_begins() =>
        // daprd refuses to start otherwise.
        Assert.All(file.Apps, app => Assert.True(app.HealthCheck is { } check && check.Timeout < check.Interval));

    [Fact]
    public void Every_resource_and_configuration_is_there()
    {
        Assert.All(file.Apps, app => Assert.Equal([Path.Combine(Repository.Root, "components")], app.ResourcesPaths));
        Assert.All(file.Apps, app => Assert.Equal(Path.Combine(Repository.Root, "components", "config.yaml"), app.ConfigFilePath));
    }
}
