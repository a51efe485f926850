using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Contracts.Tests.Services;

/// <summary>The wish as people write it, every field; a change here breaks what they wrote.</summary>
public sealed class SpecExamples
{
    private const string FullSpec = """
        {
          "image": "web:1",
          "instances": 3,
          "mode": "replicated",
          "ports": [80, { "container": 443, "host": 8443, "protocol": "tcp" }, { "container": 53, "protocol": "udp" }],
          "command": ["serve"],
          "env": { "COLOUR": "red" },
          "labels": { "team": "a" },
          "volumes": [{ "source": "data", "target": "/data", "readOnly": false, "exclusive": true, "driver": "local", "driverOpts": { "type": "nfs" }, "affinity": "worker" }, { "source": "", "target": "/memory", "readOnly": false, "exclusive": false, "tmpfs": { "size": "64Mi", "mode": "700" }, "affinity": "worker" }],
          "resources": { "reserve": { "cpu": 0.5, "memory": "64Mi" }, "limit": { "cpu": 1, "memory": "128Mi" }, "pids": 100, "memorySwap": "128Mi", "oomScoreAdj": 10, "blkioWeight": 500 },
          "health": { "command": ["check"], "interval": "2s", "timeout": "1s", "none": false, "retries": 2, "startPeriod": "5s", "startInterval": "2s" },
          "readiness": { "http": { "path": "/ready", "port": 80, "scheme": "https", "status": "200", "headers": { "Host": "a" } }, "command": [], "none": false, "interval": "5s", "timeout": "5s", "retries": 3, "startPeriod": "0s", "startInterval": "1s" },
          "entrypoint": ["/init"],
          "workingDir": "/srv",
          "user": "1000:1000",
          "groupAdd": ["audio"],
          "containerLabels": { "traefik.enable": "true" },
          "hostname": "shop",
          "init": true,
          "tty": true,
          "readOnly": true,
          "tmpfs": ["/run"],
          "shmSize": "128Mi",
          "extraHosts": ["db:10.0.0.5"],
          "dns": ["10.0.0.53"],
          "capAdd": ["NET_ADMIN"],
          "capDrop": ["MKNOD"],
          "securityOpt": ["no-new-privileges"],
          "privileged": true,
          "devices": ["/dev/fuse"],
          "gpus": "all",
          "ulimits": { "nofile": "1024:4096" },
          "sysctls": { "net.core.somaxconn": "1024" },
          "logging": { "driver": "local", "options": { "max-size": "1m" } },
          "networkMode": "back",
          "restart": { "condition": "on-failure", "delay": "1s", "maxDelay": "5m", "resetAfter": "10m", "attempts": 5, "window": "10m" },
          "update": { "parallelism": 2, "delay": "1s", "order": "stop-first", "monitor": "10s", "deadline": "10m",
                      "onFailure": "pause", "maxFailureRatio": 0.25 },
          "placement": { "strategy": "binpack", "constraints": ["zone == a"], "preferences": [{ "rule": "disk == ssd", "weight": 10 }], "spreadOver": "zone", "maxPerWorker": 2 },
          "stopGrace": "30s",
          "stopDelay": "500ms",
          "stopSignal": "SIGINT",
          "onLeaseLost": "stop",
          "maxUnavailable": 2,
          "rebalance": "auto"
        }
        """;

    [Fact]
    public void A_full_spec_is_read_and_written_as_documented()
    {
        var spec = JsonSerializer.Deserialize<ServiceSpec>(FullSpec, ContractsJson.Strict)!;
        var written = JsonNode.Parse(JsonSerializer.Serialize(spec, ContractsJson.Options))!;
        var expected = JsonNode.Parse(FullSpec)!;
        foreach (var (field, value) in expected.AsObject())
        {
            if (field != "ports") Assert.True(JsonNode.DeepEquals(value, written[field]), $"{field}: {written[field]?.ToJsonString()}");
        }

        Assert.Equal([new PortMapping(80), new PortMapping(443, 8443), new PortMapping(53, null, PortProtocol.Udp)], spec.Container.Ports);
        Assert.Equal(spec, written.Deserialize<ServiceSpec>(ContractsJson.Strict));
    }

    [Fact]
    public void The_fields_of_the_container_stand_among_those_of_the_service() => Assert.Equal(
        [.. JsonSerializer.SerializeToNode(new ContainerSpec { Image = "" }, ContractsJson.Options)!.AsObject().Select(f => f.Key),
            "instances", "mode", "labels"],
        JsonSerializer.SerializeToNode(new ServiceSpec(), ContractsJson.Options)!.AsObject().Select(f => f.Key)
            .TakeWhile(name => name != "restart"));

    [Fact]
    public void What_was_stored_before_is_read_in_whatever_order_its_fields_stand()
    {
        const string Stored = """{"maxUnavailable":2,"onLeaseLost":"stop","instances":3,"ports":[80],"image":"web:1"}""";
        var container = new ContainerSpec { Image = "web:1", Ports = [new(80)], OnLeaseLost = LeaseLoss.Stop };
        Assert.Equal(
            new ServiceSpec { Container = container, Instances = 3, MaxUnavailable = 2 },
            JsonSerializer.Deserialize<ServiceSpec>(Stored, ContractsJson.Options));
    }

    [Fact]
    public void Two_specs_that_are_read_have_a_container_each()
    {
        var specs = JsonSerializer.Deserialize<ServiceSpec[]>("""[{"image":"web:1"},{"ports":[80]},{}]""", ContractsJson.Options)!;
        ContainerSpec[] containers = [new() { Image = "web:1" }, new() { Image = "", Ports = [new(80)] }, new() { Image = "" }];
        Assert.Equal(containers, specs.Select(s => s.Container));
    }

    [Fact]
    public void A_field_of_the_container_is_described_alike_in_both_places()
    {
        static IEnumerable<object?> Fields(Type type) => ContractsJson.Options.GetTypeInfo(type).Properties
            .Where(p => p.AttributeProvider is PropertyInfo { DeclaringType: var declaring } && declaring == typeof(ContainerSpec))
            .Select(p => (p.Name, p.PropertyType, p.AttributeProvider, p.IsGetNullable, p.IsSetNullable) as object);
        Assert.Equal(Fields(typeof(ContainerSpec)), Fields(typeof(ServiceSpec)));
    }

    [Theory]
    [InlineData("""{"container":{"image":"x"}}""")]
    [InlineData("""{"image":"x","colour":1}""")]
    [InlineData("""{"image":"x","mode":0}""")]
    [InlineData("""{"image":"x","instances":"3"}""")]
    [InlineData("""{"image":"x","stopGrace":10}""")]
    [InlineData("""{"image":"x","stopGrace":"00:00:10"}""")]
    public void What_a_person_wrote_wrongly_is_not_guessed(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ServiceSpec>(json, ContractsJson.Strict));

    [Theory]
    [InlineData("web", null)]
    [InlineData("a", null)]
    [InlineData("web-1", null)]
    [InlineData("", "consists of")]
    [InlineData("Web", "consists of")]
    [InlineData("web-", "consists of")]
    [InlineData("web.a", "consists of")]
    [InlineData("a2345678901234567890123456789012345678901", "is 41 characters long")]
    public void Names_of_services_are_checked(string name, string? problem) =>
        Assert.StartsWith(problem ?? "fine", ServiceNames.Problem(name) ?? "fine", StringComparison.Ordinal);
}
