using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Tests.Settings;

public sealed class WorkerAgentOptionsTests
{
    [Fact]
    public void Names_of_environment_variables_are_understood()
    {
        var options = Read(
            ("APP_ID", "worker-a"), ("APP_PORT", "5101"), ("ADDRESS", "10.0.0.5"), ("LABELS", "zone=a, disk=ssd"), ("DATA_FOLDER", "/data"),
                ("CLUSTER", "c1"),
            ("DOCKER_HOST", "tcp://h:1"), ("CPU", "1.5"), ("MEMORY", "2Gi"), ("MAX_STARTS", "6"), ("ENGINE_DEADLINE", "00:00:07"),
                ("CONSUL_HTTP_ADDR", "127.0.0.1:8500"));
        Assert.Equal(("worker-a", 5101, "10.0.0.5", "c1", "tcp://h:1", 1.5, 6),
            (options.Name, options.Port, options.Address, options.Cluster, options.DockerHost, options.Cpu, options.MaxStarts));
        Assert.Equal(ValueMap.Of(("zone", "a"), ("disk", "ssd")), options.LabelMap);
        Assert.Equal(ByteSize.Mi(2048), options.MemoryBytes);
        Assert.Equal("/data/worker-a", options.OwnFolder);
        Assert.Equal(TimeSpan.FromSeconds(7), options.EngineDeadline);
        Assert.Equal(new Uri("http://127.0.0.1:8500"), options.ConsulUri);
    }

    [Fact]
    public void What_containers_may_have_is_allowed_by_name_and_nothing_without()
    {
        var options = Read(
            ("APP_ID", "worker-a"), ("APP_PORT", "5101"), ("ALLOW_PRIVILEGED", "true"), ("ALLOW_HOST_NETWORK", "true"),
            ("ALLOW_LOW_PORTS", "true"), ("ALLOW_SECURITY_OPTIONS", "true"), ("ALLOWED_DEVICES", "/dev/fuse, /dev/snd"),
            ("ALLOWED_CAPABILITIES", "NET_ADMIN,SYS_TIME"), ("ALLOWED_BIND_PATHS", "/srv"));
        Assert.Equal(
            (true, true, true, true), (options.Privileged, options.HostNetwork, options.LowPorts, options.SecurityOptions));
        Assert.Equal(["/dev/fuse", "/dev/snd", "NET_ADMIN", "SYS_TIME", "/srv"],
            [.. options.Policy.Devices, .. options.Policy.Capabilities, .. options.Policy.BindPaths]);
        var plain = new WorkerAgentOptions();
        Assert.Equal(
            (false, false, false, false, 0), (plain.Privileged, plain.HostNetwork, plain.LowPorts, plain.SecurityOptions,
                plain.Policy.Devices.Count + plain.Policy.Capabilities.Count + plain.Policy.BindPaths.Count));
    }

    [Theory]
    [InlineData("ALLOWED_DEVICES", "/dev/fuse,snd", "ALLOWED_DEVICES is a list of absolute paths; 'snd' is none.")]
    [InlineData("APP_ID", "", "APP_ID is missing")]
    [InlineData("APP_ID", "Worker A", "APP_ID consists of")]
    [InlineData("APP_PORT", "0", "APP_PORT is a port")]
    [InlineData("ALLOWED_BIND_PATHS", "/srv,data", "ALLOWED_BIND_PATHS is a list of absolute paths; 'data' is none.")]
    [InlineData("ADDRESS", "localhost", "ADDRESS is an IP address, not 'localhost'")]
    [InlineData("LABELS", "zone", "LABELS is a list like")]
    [InlineData("MEMORY", "lots", "MEMORY is an amount")]
    [InlineData("MAX_STARTS", "0", "MAX_STARTS is a number")]
    [InlineData("ENGINE_DEADLINE", "00:00:00", "ENGINE_DEADLINE is a time")]
    [InlineData("DOCKER_HOST", "docker", "DOCKER_HOST is an address")]
    [InlineData("CONSUL_HTTP_ADDR", "ftp://x", "CONSUL_HTTP_ADDR is an address")]
    public void A_wrong_one_is_named(string name, string value, string problem)
    {
        var refused = Assert.Throws<ValidationException>(() => Read([("APP_ID", "worker-a"), ("APP_PORT", "5101"), (name, value)]));
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    private static WorkerAgentOptions Read(params (string Name, string Value)[] settings) => WorkerAgentOptions.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.GroupBy(s => s.Name).Select(s => KeyValuePair.Create(s.Key, (string?)s.Last().Value))).Build());
}
