using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Orders;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Tests.Orders;

/// <summary>What reaches beyond a container is refused with the name of the setting, and given where that is set.</summary>
public sealed class WorkerPolicyTests
{
    private static readonly ContainerSpec Plain = new() { Image = "busybox-www:1" };

    private static readonly WorkerAgentOptions Allowing = new()
    {
        Privileged = true, HostNetwork = true, LowPorts = true, Devices = "/dev/fuse,/dev/snd", Capabilities = "CAP_NET_ADMIN",
        SecurityOptions = true, BindPaths = "/srv",
    };

    public static TheoryData<string, ContainerSpec, string> Dangers => new()
    {
        { "privileged", Plain with { Privileged = true }, "this worker runs nothing privileged: ALLOW_PRIVILEGED is not set" },
        {
            "host network", Plain with { NetworkMode = "host" }, "this worker does not share its network: ALLOW_HOST_NETWORK is not set"
        },
        {
            "low port", Plain with { Ports = [new(80, 80)] }, "this worker does not give host port 80/tcp: ALLOW_LOW_PORTS is not set"
        },
        { "device", Plain with { Devices = ["/dev/fuse"] }, "this worker does not give /dev/fuse: it is not in ALLOWED_DEVICES" },
        {
            "device in a folder", Plain with { Devices = ["/dev/snd/seq:/dev/seq:rw"] },
            "this worker does not give /dev/snd/seq: it is not in ALLOWED_DEVICES"
        },
        {
            "capability", Plain with { CapAdd = ["CHOWN", "NET_ADMIN"] },
            "this worker does not give the capability NET_ADMIN: it is not in ALLOWED_CAPABILITIES"
        },
        {
            "confinement", Plain with { SecurityOpt = ["no-new-privileges", "seccomp=unconfined"] },
            "this worker does not set seccomp: ALLOW_SECURITY_OPTIONS is not set"
        },
        {
            "folder", Plain with { Volumes = [new("/srv/www", "/www")] },
            "this worker does not mount /srv/www: it is not in a folder of ALLOWED_BIND_PATHS"
        },
        {
            "folder behind a volume",
            Plain with
            {
                Volumes = [new("data", "/d") { DriverOpts = ValueMap.Of(("type", "none"), ("o", "bind"), ("device", "/srv/www")) }],
            },
            "this worker does not mount /srv/www: it is not in a folder of ALLOWED_BIND_PATHS"
        },
    };

    [Theory, MemberData(nameof(Dangers))]
    public void What_reaches_beyond_the_container_needs_its_setting(string what, ContainerSpec spec, string objection)
    {
        Assert.True(what.Length > 0);
        Assert.Equal(objection, Objection(new(), spec));
        Assert.Null(Objection(Allowing.Policy, spec));
    }

    [Fact]
    public void What_is_not_among_those_allowed_is_refused()
    {
        var policy = Allowing.Policy;
        Assert.NotNull(Objection(policy, Plain with { CapAdd = ["SYS_ADMIN"] }));
        Assert.NotNull(Objection(policy, Plain with { CapAdd = ["ALL"] }));
        Assert.NotNull(Objection(policy, Plain with { Devices = ["/dev/sda"] }));
        Assert.NotNull(Objection(policy, Plain with { Volumes = [Of("overlay", "overlay")] }));
        Assert.NotNull(Objection(policy, Plain with { Volumes = [Of("ext4", "/dev/sda1")] }));
        Assert.Null(Objection(policy with { Capabilities = ["ALL"] }, Plain with { CapAdd = ["ALL"] }));

        static VolumeMount Of(string type, string device) => new("data", "/d")
        {
            DriverOpts = ValueMap.Of(("type", type), ("device", device), ("o", "lowerdir=/etc")),
        };
    }

    [Theory]
    [InlineData("tmpfs", "bind", "/etc")]
    [InlineData("nfs", "rbind", "/etc")]
    [InlineData("cifs", "username=x, BIND", "/etc")]
    [InlineData("nfs4", "ro,move", "/etc")]
    [InlineData("tmpfs", "remount", "/etc")]
    [InlineData("tmpfs", "bind", "//etc")]
    [InlineData("tmpfs", "bind", "etc")]
    [InlineData("none", "bind", "etc")]
    [InlineData("none", "bind", "/srv/../etc")]
    [InlineData("tmpfs", "bind", "/srv/../etc")]
    [InlineData("none", "bind", "/srv/link/../www")]
    [InlineData("none", "bind", "/srvwww")]
    [InlineData("overlay", "lowerdir=/srv", "overlay")]
    [InlineData("overlay", "bind", "/etc")]
    [InlineData("ext4", "", "/dev/sda1")]
    [InlineData("TMPFS", "", "tmpfs")]
    public void A_volume_of_the_engine_shows_no_folder_that_is_not_allowed_whatever_it_calls_itself(string type, string o, string device)
    {
        foreach (var driver in new[] { null, "", "local" })
        {
            var spec = Plain with { Volumes = [Volume(type, o, device) with { Driver = driver }] };
            Assert.Contains("ALLOWED_BIND_PATHS", Objection(new(), spec), StringComparison.Ordinal);
            Assert.Contains("ALLOWED_BIND_PATHS", Objection(Allowing.Policy, spec), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("none", "bind", "/srv/www")]
    [InlineData("tmpfs", "rbind,ro", "/srv/www")]
    [InlineData("tmpfs", "bind", "//srv//www/")]
    [InlineData("nfs", "bind", "/srv")]
    public void A_volume_of_the_engine_may_show_an_allowed_folder(string type, string o, string device)
    {
        var spec = Plain with { Volumes = [Volume(type, o, device)] };
        Assert.Equal($"this worker does not mount {device}: it is not in a folder of ALLOWED_BIND_PATHS", Objection(new(), spec));
        Assert.Null(Objection(Allowing.Policy, spec));
    }

    [Fact]
    public void A_way_up_in_a_path_is_allowed_only_where_everything_is()
    {
        var policy = Allowing.Policy;
        ContainerSpec[] climbing =
        [
            Plain with { Volumes = [new("/srv/link/../www", "/www")] }, Plain with { Devices = ["/dev/snd/../snd/seq"] },
        ];
        Assert.All(climbing, spec => Assert.NotNull(Objection(policy, spec)));
        Assert.All(climbing, spec => Assert.Null(Objection(policy with { BindPaths = ["/"], Devices = ["/"] }, spec)));
    }

    private static VolumeMount Volume(string type, string o, string device) => new("data", "/d")
    {
        DriverOpts = ValueMap.Of(("type", type), ("o", o), ("device", device)),
    };

    [Fact]
    public void What_stays_within_the_container_needs_nothing() => Assert.Null(Objection(new(), Plain with
    {
        CapAdd = ["CAP_CHOWN", "NET_RAW"], CapDrop = ["ALL"], SecurityOpt = ["no-new-privileges:true"], NetworkMode = "back",
        Ports = [new(80, 8080), new(81)], Gpus = "all",
        Volumes =
        [
            new("data", "/data"), new("", "/scratch"), new("", "/memory") { Tmpfs = new() },
            new("share", "/s") { DriverOpts = ValueMap.Of(("type", "nfs"), ("o", "addr=10.0.0.1"), ("device", ":/export")) },
            new("fast", "/f") { DriverOpts = ValueMap.Of(("type", "tmpfs"), ("o", "size=3m,uid=1000"), ("device", "tmpfs")) },
            new("other", "/o") { Driver = "somebodys", DriverOpts = ValueMap.Of(("o", "bind"), ("device", "/etc")) },
        ],
    }));

    private static string? Objection(WorkerPolicy policy, ContainerSpec spec) => Admission.OfInstance(
        Instance.Ordered(new RunInstance { Service = "web", Instance = "web-1-r1-a1", Epoch = 1, Container = spec }), [],
        new() { Capacity = new(8), Policy = policy })?.Reason;
}
