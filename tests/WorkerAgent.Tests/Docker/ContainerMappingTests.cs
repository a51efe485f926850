using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Docker.DotNet.Models;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;

namespace Orchestrator.WorkerAgent.Tests.Docker;

public sealed class ContainerMappingTests
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly RunInstance Order = new()
    {
        Service = "web",
        Instance = "web-2-r5-a1",
        Epoch = 9,
        Container = new()
        {
            Image = "nginx:1.27",
            Ports = [new(80), new(443, 8443), new(53, 53, PortProtocol.Udp)],
            Command = ["nginx", "-g", "daemon off;"],
            Env = ValueMap.Of(("A", "1"), ("B", "x=y")),
            Volumes = [new("data", "/data", Exclusive: true), new("/etc/hosts", "/hosts", ReadOnly: true)],
            Resources = new() { Reserve = new(0.25, ByteSize.Mi(32)), Limit = new(1.5, ByteSize.Mi(64)) },
            Health = new() { Command = ["/check", "--now"], Interval = TimeSpan.FromSeconds(2), Timeout = TimeSpan.FromSeconds(1),
                Retries = 4, StartPeriod = TimeSpan.FromSeconds(3) },
            StopSignal = "SIGQUIT",
            StopGrace = TimeSpan.FromSeconds(20),
            OnLeaseLost = LeaseLoss.Stop,
        },
    };

    private static Instance Ordered => Instance.Ordered(Order);

    [Fact]
    public void An_order_with_everything_becomes_these_parameters() => Approve("create-full", ContainerMapping.ToCreate(
        new("web-2-r5-a1", Order.Container, ContainerLabels.Of("local", "worker-a", Ordered), "10.0.0.5"), init: true));

    [Fact]
    public void An_order_with_nothing_but_an_image_becomes_these_parameters() => Approve("create-plain", ContainerMapping.ToCreate(
        new("web-1-r1-a1", new() { Image = "nginx" }, ValueMap.Empty, "127.0.0.1"), init: false));

    [Fact]
    public void What_must_be_known_after_a_restart_is_in_the_labels()
    {
        var labels = ContainerLabels.Of("local", "worker-a", Ordered);
        Assert.Equal(Ordered.Footprint, ContainerLabels.FootprintIn(labels));
        Assert.Equal(Ordered.Name, ContainerLabels.NameIn(labels));
        Assert.Equal(9, ContainerLabels.EpochIn(labels));
    }

    [Fact]
    public void Labels_that_cannot_be_read_count_as_nothing()
    {
        var labels = ValueMap.Of(
            (ContainerLabels.Instance, "web"), ("orchestrator.reserve.cpu", "much"), ("orchestrator.host-ports", "x 80/tcp"),
            ("orchestrator.stop-grace", ""));
        Assert.Null(ContainerLabels.NameIn(labels));
        Assert.Equal(new Footprint { HostPorts = [new(80, PortProtocol.Tcp)] }, ContainerLabels.FootprintIn(labels));
    }

    [Fact]
    public void An_inspection_becomes_a_container()
    {
        var seen = ContainerMapping.ToContainer(new ContainerInspectResponse
        {
            ID = "abc",
            Name = "/web-1-r1-a1",
            Config = new() { Labels = new Dictionary<string, string> { ["a"] = "b" } },
            State = new()
            {
                Status = "exited", ExitCode = 137, OOMKilled = true, Error = "",
                StartedAt = "2026-11-23T11:15:40.240329012Z", FinishedAt = "2026-11-23T11:16:40.5Z",
                    Health = new() { Status = "unhealthy" },
            },
            NetworkSettings = new()
            {
                Ports = new Dictionary<string, IList<PortBinding>>
                {
                    ["80/tcp"] = [new() { HostIP = "127.0.0.1", HostPort = "32768" }],
                    ["53/udp"] = [new() { HostIP = "127.0.0.1", HostPort = "53" }],
                    ["9/tcp"] = null!,
                },
            },
        });
        Assert.Equal(
            new Container
            {
                Id = "abc",
                Name = "web-1-r1-a1",
                State = ContainerState.Exited,
                Labels = ValueMap.Of(("a", "b")),
                Health = InstanceHealth.Unhealthy,
                Ports = [new(53, 53, "127.0.0.1", PortProtocol.Udp), new(80, 32768, "127.0.0.1")],
                StartedAt = new DateTimeOffset(2026, 11, 23, 11, 15, 40, TimeSpan.Zero).AddTicks(2403290),
                EndedAt = new DateTimeOffset(2026, 11, 23, 11, 16, 40, 500, TimeSpan.Zero),
                ExitCode = 137,
                OutOfMemory = true,
            },
            seen);
    }

    [Fact]
    public void A_container_that_never_ran_has_no_times() => Assert.Equal(
        (ContainerState.Created, null, null),
        ContainerMapping.ToContainer(new ContainerInspectResponse
        {
            ID = "abc", Name = "/x", State = new() { Status = "created", StartedAt = "0001-01-01T00:00:00Z",
                FinishedAt = "0001-01-01T00:00:00Z" },
        }) is var c ? (c.State, c.StartedAt, c.EndedAt) : default);

    [Theory]
    [InlineData("die", "Died 3 None")]
    [InlineData("oom", "OutOfMemory 0 None")]
    [InlineData("destroy", "Removed 0 None")]
    [InlineData("health_status: healthy", "HealthChanged 0 Healthy")]
    [InlineData("health_status: unhealthy", "HealthChanged 0 Unhealthy")]
    [InlineData("exec_start: /check", "")]
    public void An_event_says_what_happened(string action, string expected)
    {
        var happened = ContainerMapping.ToEvent(new()
        {
            Action = action, TimeNano = 1_795_432_479_000_000_000,
                Actor = new() { ID = "abc", Attributes = new Dictionary<string, string> { ["exitCode"] = "3" } },
        });
        Assert.Equal(expected, happened is null ? "" : $"{happened.Kind} {happened.ExitCode} {happened.Health}");
        if (happened is not null) Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_795_432_479), happened.At);
    }

    [Theory]
    [InlineData("nginx", "nginx", "latest")]
    [InlineData("nginx:1.27", "nginx", "1.27")]
    [InlineData("host:5000/team/app", "host:5000/team/app", "latest")]
    [InlineData("host:5000/team/app:2", "host:5000/team/app", "2")]
    [InlineData("nginx@sha256:abc", "nginx@sha256:abc", null)]
    public void A_pull_names_one_tag(string reference, string image, string? tag) =>
        Assert.Equal((image, tag), ContainerMapping.ToPull(reference));

    [Theory]
    [InlineData(404, "No such image: nginx:1", nameof(EngineFault.NoImage))]
    [InlineData(404, "No such container: abc", nameof(EngineFault.NoContainer))]
    [InlineData(409, "Conflict. The container name \"/x\" is already in use by container \"y\". You have to remove it",
        nameof(EngineFault.NameTaken))]
    [InlineData(500,
        "driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:80 failed: port is already allocated",
        nameof(EngineFault.PortTaken))]
    [InlineData(500, "driver failed: Error starting userland proxy: listen tcp4 127.0.0.1:80: bind: address already in use",
        nameof(EngineFault.PortTaken))]
    [InlineData(500, "exec: \"docker-init\": executable file not found in $PATH", nameof(EngineFault.NoInit))]
    [InlineData(500, "write /var/lib/docker/x: no space left on device", nameof(EngineFault.NoSpace))]
    [InlineData(500, "failed to create shim task: something broke", nameof(EngineFault.Broken))]
    [InlineData(500, "OCI runtime create failed: unable to start container process: exec: \"/no\": no such file", nameof(EngineFault.Refused))]
    [InlineData(400, "Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available", nameof(EngineFault.Refused))]
    public void A_refusal_keeps_the_engines_words(int status, string message, string fault)
    {
        var refused = EngineFaults.Of((System.Net.HttpStatusCode)status, JsonSerializer.Serialize(new { message }));
        Assert.Equal((fault, message), (refused.Fault.ToString(), refused.Message));
    }

    [Theory]
    [InlineData(null, "HTTP 502")]
    [InlineData("", "HTTP 502")]
    [InlineData("page not found\n", "page not found")]
    public void A_refusal_without_json_says_what_there_is(string? body, string message) =>
        Assert.Equal(message, EngineFaults.Of(System.Net.HttpStatusCode.BadGateway, body).Message);

    private static void Approve(string name, CreateContainerParameters parameters)
    {
        var approved = Path.Combine(AppContext.BaseDirectory, "Docker", $"{name}.approved.json");
        var json = JsonSerializer.SerializeToNode(parameters, Readable)!;
        Prune(json);
        // It is another one whenever a spec can say more.
        if (json["Labels"]?["orchestrator.fingerprint"] is { } made && $"{made}".Length == 32 && $"{made}".All(char.IsAsciiHexDigitLower))
            json["Labels"]!["orchestrator.fingerprint"] = "32 hex digits";
        Assert.Equal(File.Exists(approved) ? File.ReadAllText(approved).Trim() : "", json.ToJsonString(Readable));
    }

    /// <summary>Leaves out what says nothing: the parameters have a hundred empty fields.</summary>
    private static void Prune(JsonNode node)
    {
        if (node is not JsonObject fields) return;
        foreach (var (name, value) in fields.ToArray())
        {
            if (value is not null) Prune(value);
            if (value is null or JsonArray { Count: 0 }
                || (value is JsonObject { Count: 0 } && !name.Contains('/', StringComparison.Ordinal)) || value.ToJsonString() == "\"\"")
                fields.Remove(name);
        }
    }
}
