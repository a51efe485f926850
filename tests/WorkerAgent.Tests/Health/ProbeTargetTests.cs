using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Health;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Tests.Health;

public sealed class ProbeTargetTests
{
    private static readonly WorkerAgentOptions Here = new() { Address = "10.0.0.5" };

    [Theory]
    [InlineData("unix:///var/run/docker.sock", "172.17.0.2", "10.0.0.5:8080:80", "172.17.0.2:80")]
    [InlineData("tcp://engine:2375", "172.17.0.2", "10.0.0.5:8080:80", "10.0.0.5:8080")]
    [InlineData("tcp://engine:2375", "172.17.0.2", "0.0.0.0:8080:80", "127.0.0.1:8080")]
    [InlineData("tcp://engine:2375", "172.17.0.2", "", null)]
    [InlineData("unix:///var/run/docker.sock", null, "10.0.0.5:80:80", "10.0.0.5:80")]
    [InlineData("unix:///var/run/docker.sock", null, "", "10.0.0.5:80")]
    [InlineData("unix:///var/run/docker.sock", "fd00::2", "", "[fd00::2]:80")]
    public void A_port_is_asked_at_the_container_itself_where_that_can_be(string engine, string? address, string published, string? target)
    {
        var ports = published.Split(':') is [var host, var outside, _] ? new PublishedPortOf(host, int.Parse(outside)) : null;
        var order = new RunInstance { Service = "web", Instance = "web-1-r1-a1", Epoch = 1, Container = new() { Image = "web" } };
        var instance = Instance.Ordered(order).See(new Container
        {
            Id = "abc", Name = "web-1-r1-a1", State = ContainerState.Running, Address = address,
            Ports = ports is null ? [] : [new(80, ports.Port, ports.Host)],
        });
        Assert.Equal(target, ProbeTarget.Of(instance, 80, Here with { DockerHost = engine })?.ToString());
        Assert.Null(ProbeTarget.Of(instance, null, Here));
    }

    private sealed record PublishedPortOf(string Host, int Port);
}
