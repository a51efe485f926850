using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Orders;

namespace Orchestrator.WorkerAgent.Tests.Orders;

public sealed class AdmissionTests
{
    private static readonly Circumstances Well = new() { Capacity = new(4, ByteSize.Mi(8192)) };
    private static readonly ContainerSpec Once = new() { Image = "busybox-www:1", OnLeaseLost = LeaseLoss.Stop };
    private static readonly RunInstance Order = new() { Service = "web", Instance = "web-1-r1-a1", Epoch = 3, Container = Once };

    [Fact]
    public void Where_all_is_well_an_order_is_taken()
    {
        Assert.Null(Admission.OfOrder(Order, Well));
        Assert.Null(Admission.OfInstance(Instance.Ordered(Order), [], Well));
        Assert.Null(Admission.OfForgetting(null));
    }

    [Fact]
    public void What_can_never_be_is_said_before_what_cannot_be_now()
    {
        var bad = Well with { ShuttingDown = true, EngineKnown = false, EngineProblem = "it is away" };
        Assert.Equal("'web-1' is not the name of an instance of service 'web'", Reason(Order with { Instance = "web-1" }, bad));
        Assert.Equal("the worker is shutting down", Reason(Order, bad));
        Assert.Equal("the worker has not seen its containers yet: it is away", Reason(Order, bad with { ShuttingDown = false }));
        Assert.Equal("the worker has not seen its containers yet: it has just started", Reason(Order, Well with { EngineKnown = false }));

        const string Absurd = "is absurd: epochs begin at 1 and grow by one, and";
        Assert.Equal($"epoch {long.MaxValue} {Absurd} 0 is known", Reason(Order with { Epoch = long.MaxValue }, Well));
        Assert.Equal($"epoch 0 {Absurd} 7 is known", Reason(Order with { Epoch = 0 }, Well with { KnownEpoch = 7 }));
        Assert.Equal($"epoch 1000008 {Absurd} 7 is known", Reason(Order with { Epoch = 1_000_008 }, Well with { KnownEpoch = 7 }));
        Assert.Null(Admission.OfOrder(Order with { Epoch = 1_000_007 }, Well with { KnownEpoch = 7 }));

        static string Reason(Order order, Circumstances now) => Admission.OfOrder(order, now)!.Reason;
    }

    [Fact]
    public void An_instance_is_refused_for_the_first_of_its_reasons()
    {
        var wanted = Instance.Ordered(Order with { Container = Order.Container with { Resources = new() { Reserve = new(5) } } });
        var late = Well with { OrdersSince = 8, Heard = 7 };
        var bad = late with { EndedHere = true, EngineProblem = "it is away", LeaseHolds = false };
        Assert.Equal(
            [
                "Impossible: web-1-r1-a1 has been ended or refused here, and this order came late",
                "Unavailable: it is away",
                "Unavailable: the worker holds no lease, so it could not keep the promise of at most one",
                "Unavailable: web-1-r1-a1 was placed too long ago, or before this worker's lease began: "
                    + "another may run in its place by now",
                "NoCapacity: web-1-r1-a1 reserves 5 CPU, and 0 of 4 are reserved",
            ],
            new[]
            {
                bad, bad with { EndedHere = false }, bad with { EndedHere = false, EngineProblem = null }, late, late with { Heard = 8 },
            }
                .Select(now => Admission.OfInstance(wanted, [], now)!).Select(a => $"{a.Refusal}: {a.Reason}"));
    }

    [Fact]
    public void A_live_instance_is_not_forgotten_and_one_that_has_ended_is()
    {
        var live = Instance.Ordered(Order);
        Assert.Equal("web-1-r1-a1 is alive (Starting); it must be stopped first", Admission.OfForgetting(live)!.Reason);
        Assert.Null(Admission.OfForgetting(live.Ended(0, DateTimeOffset.UnixEpoch)));
    }

    [Fact]
    public void A_stale_order_is_told_the_known_epoch()
    {
        var answer = Admission.Stale(Order, known: 4);
        Assert.Equal(
            (Refusal.StaleEpoch, 4, "epoch 3 is below 4: another ServiceMaster is in charge"),
            (answer.Refusal, answer.KnownEpoch, answer.Reason));
    }

    [Theory]
    [InlineData("/etc", "", false)]
    [InlineData("/", "/srv", false)]
    [InlineData("/srv", "/srv", true)]
    [InlineData("/srv/web", "/data,/srv/", true)]
    [InlineData("/srv-other", "/srv", false)]
    [InlineData("/srv/../etc", "/srv", false)]
    [InlineData("/etc", "/", true)]
    [InlineData("a-volume", "", true)]
    public void A_folder_of_the_machine_is_mounted_only_where_the_operator_allows_it(string source, string allowed, bool taken)
    {
        var wanted = Instance.Ordered(Order with { Container = Once with { Volumes = [new(source, "/data")] } });
        var folders = allowed.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var answer = Admission.OfInstance(wanted, [], Allowing(new() { BindPaths = [.. folders] }));
        Assert.Equal(
            taken ? null : $"Impossible: this worker does not mount {source}: it is not in a folder of ALLOWED_BIND_PATHS",
            answer is null ? null : $"{answer.Refusal}: {answer.Reason}");
    }

    [Theory]
    [InlineData(1023, false, "Impossible: this worker does not give host port 1023/tcp: ALLOW_LOW_PORTS is not set")]
    [InlineData(1023, true, null)]
    [InlineData(1024, false, null)]
    public void A_low_host_port_is_given_only_where_the_operator_allows_it(int port, bool allowed, string? refusal)
    {
        var wanted = Instance.Ordered(Order with { Container = Once with { Ports = [new(80) { Host = port }] } });
        var answer = Admission.OfInstance(wanted, [], Allowing(new() { LowPorts = allowed }));
        Assert.Equal(refusal, answer is null ? null : $"{answer.Refusal}: {answer.Reason}");
    }

    [Theory]
    [InlineData("127.0.0.1", "10.0.0.5", null)]
    [InlineData("127.0.0.1", "127.0.0.1", "host port 127.0.0.1:8080/tcp is in use by shop-1-r1-a1")]
    [InlineData("127.0.0.1", null, "host port 127.0.0.1:8080/tcp overlaps 8080/tcp, which is in use by shop-1-r1-a1")]
    [InlineData("0.0.0.0", "10.0.0.5", "host port 8080/tcp overlaps 10.0.0.5:8080/tcp, which is in use by shop-1-r1-a1")]
    [InlineData("::", null, "host port 8080/tcp is in use by shop-1-r1-a1")]
    public void A_host_port_is_given_once_at_an_address(string? mine, string? theirs, string? why)
    {
        var wanted = Instance.Ordered(Order with { Container = Once with { Ports = [new(80, 8080, Address: mine)] } });
        var other = Instance.Ordered(Order with
        {
            Service = "shop", Instance = "shop-1-r1-a1", Container = Once with { Ports = [new(80, 8080, Address: theirs)] },
        });
        Assert.Equal(why, Admission.OfInstance(wanted, [other], Well)?.Reason);
    }

    [Fact]
    public void A_limit_above_the_cores_of_the_machine_is_refused()
    {
        var wanted = Instance.Ordered(Order with { Container = Once with { Resources = new() { Limit = new(2.5) } } });
        var answer = Admission.OfInstance(wanted, [], Well with { Capacity = Well.Capacity with { Cores = 2 } })!;
        Assert.Equal((Refusal.NoCapacity, "web-1-r1-a1 may use 2.5 cores, and this worker has 2"), (answer.Refusal, answer.Reason));
        Assert.Null(Admission.OfInstance(wanted, [], Well with { Capacity = Well.Capacity with { Cores = 3 } }));
    }

    [Theory]
    [InlineData(true, false, "volume data is in use by shop-1-r1-a1, and exclusive")]
    [InlineData(false, true, "volume data is in use by shop-1-r1-a1, and exclusive")]
    [InlineData(false, false, null)]
    public void A_volume_that_one_wants_for_itself_alone_is_open_once(bool mine, bool theirs, string? why)
    {
        var wanted = Instance.Ordered(Order with { Container = Once with { Volumes = [new("data", "/data", Exclusive: mine)] } });
        var other = Instance.Ordered(Order with
        {
            Service = "shop", Instance = "shop-1-r1-a1", Container = Once with { Volumes = [new("data", "/other", Exclusive: theirs)] },
        });
        Assert.Equal(why, Admission.OfInstance(wanted, [other], Well)?.Reason);
    }

    private static Circumstances Allowing(WorkerPolicy policy) => Well with { Policy = policy };
}
