using System.Text.Json;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.Contracts.Tests.Services;

/// <summary>The wire format as others see it: a change here is a change for everybody.</summary>
public sealed class WireExamples
{
    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ContractsJson.Options);

    [Fact]
    public void A_spec_goes_both_ways()
    {
        var spec = new ServiceSpec
        {
            Container = new()
            {
                Image = "web:1", Ports = [new PortMapping(80), new PortMapping(53, 5353, PortProtocol.Udp)], Env = ValueMap.Of(("A", "b")),
                Resources = new Resources { Reserve = new ResourceAmount(0.5, ByteSize.Mi(64)) },
            },
            Update = new UpdatePolicy { Order = UpdateOrder.StopFirst },
        };
        var json = Json(spec);
        Assert.Contains("""ports":[{"container":80,"protocol":"tcp"},{"container":53,"host":5353,"protocol":"udp"}]""", json,
            StringComparison.Ordinal);
        Assert.Contains(""""order":"stop-first"""", json, StringComparison.Ordinal);
        Assert.Contains(""""memory":"64Mi"""", json, StringComparison.Ordinal);
        Assert.Equal(spec, JsonSerializer.Deserialize<ServiceSpec>(json, ContractsJson.Strict));
    }

    [Fact]
    public void Every_change_says_its_kind()
    {
        ServiceChange[] changes =
            [new CreateService(new ServiceSpec { Container = new() { Image = "web:1" } }), new WithdrawService(), new RollBack(3),
                new RestartInstances(), new PauseRollout(), new ResumeRollout(), new RebalanceInstances(),
                new ReleaseVolume(2), new FollowStack(new("shop", 3, 0), Spec: null)];
        Assert.All(changes, change => Assert.Equal(change, JsonSerializer.Deserialize<ServiceChange>(Json(change), ContractsJson.Options)));
        Assert.Equal("""{"kind":"rollback","revision":3,"who":"ann","why":""}""", Json<ServiceChange>(new RollBack(3) { Who = "ann" }));
    }

    [Fact]
    public void A_worker_tells_what_its_operator_allows_and_one_that_does_not_tell_is_understood()
    {
        var report = new WorkerReport
        {
            Name = "a", Incarnation = 1, Sequence = 2, Address = "10.0.0.1", Capacity = new(8), Load = new(),
            Policy = new() { BindPaths = ["/srv"], Privileged = true, Capabilities = ["NET_ADMIN"] },
        };
        var json = Json(report);
        const string Policy = """
            "policy":{"bindPaths":["/srv"],"privileged":true,"devices":[],"capabilities":["NET_ADMIN"]}
            """;
        Assert.Contains(Policy, json, StringComparison.Ordinal);
        Assert.Equal(report, JsonSerializer.Deserialize<WorkerReport>(json, ContractsJson.Options));
        Assert.DoesNotContain("policy", Json(report with { Policy = null }), StringComparison.Ordinal);
        Assert.Null(JsonSerializer.Deserialize<WorkerReport>(Json(report with { Policy = null }), ContractsJson.Options)!.Policy);
    }

    [Fact]
    public void Phases_and_health_are_words() =>
        Assert.Equal("""{"instance":"web-1-r1-a1","phase":"running","health":"healthy","ports":[]}""",
            Json(new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running, Health = InstanceHealth.Healthy }));
}
