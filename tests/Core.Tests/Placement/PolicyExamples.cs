using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Answers;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Wishes;
using Orchestrator.Core.Tests.Simulation;

using static Orchestrator.Core.Tests.Placement.Inputs;

namespace Orchestrator.Core.Tests.Placement;

/// <summary>What a worker would refuse is not ordered there, and the service says which setting is in the way.</summary>
public sealed class PolicyExamples
{
    private static readonly ContainerSpec Curious = Plain with { Volumes = [new("/etc", "/host")] };

    private static readonly WorkerPolicy Strict = new();

    public static TheoryData<string, ContainerSpec, string> Dangers => new()
    {
        { "folder", Curious, "2 workers do not mount /etc: it is not in a folder of ALLOWED_BIND_PATHS" },
        { "port", Plain with { Ports = [new(80, 80)] }, "2 workers do not give host port 80/tcp: ALLOW_LOW_PORTS is not set" },
        { "rights", Plain with { Privileged = true }, "2 workers run nothing privileged: ALLOW_PRIVILEGED is not set" },
        { "network", Plain with { NetworkMode = "host" }, "2 workers do not share their network: ALLOW_HOST_NETWORK is not set" },
        { "device", Plain with { Devices = ["/dev/fuse"] }, "2 workers do not give /dev/fuse: it is not in ALLOWED_DEVICES" },
        {
            "capability", Plain with { CapAdd = ["SYS_ADMIN"] },
            "2 workers do not give the capability SYS_ADMIN: it is not in ALLOWED_CAPABILITIES"
        },
        {
            "confinement", Plain with { SecurityOpt = ["seccomp=unconfined"] },
            "2 workers do not set seccomp: ALLOW_SECURITY_OPTIONS is not set"
        },
    };

    [Theory, MemberData(nameof(Dangers))]
    public void What_no_worker_allows_is_placed_nowhere_and_the_setting_is_named(string what, ContainerSpec container, string why)
    {
        var placer = PlacerFor(container, Named("a") with { Policy = Strict }, Named("b") with { Policy = new() });
        Assert.False(placer.Place("web-1-r1-a1").Found, what);
        Assert.Equal(why, placer.WhyNowhere());
    }

    [Fact]
    public void It_goes_where_it_is_allowed_and_where_nobody_told_what_is()
    {
        var allowing = Named("b") with { Policy = Strict with { BindPaths = ["/etc"] } };
        var placer = PlacerFor(Curious, Named("a") with { Policy = Strict }, allowing, Named("older"));
        Assert.Equal([Rule.Policy, Rule.None, Rule.None], Enumerable.Range(0, 3).Select(at => placer.Refusal(at)));
        Assert.Equal("does not mount /etc: it is not in a folder of ALLOWED_BIND_PATHS", placer.Words(Rule.Policy, 0));
    }

    [Fact]
    public void Workers_that_forbid_different_things_are_told_apart()
    {
        var container = Curious with { Privileged = true };
        var placer = PlacerFor(
            container, Named("a") with { Policy = Strict }, Named("b") with { Policy = Strict with { Privileged = true } });
        Assert.Equal("b does not mount /etc: it is not in a folder of ALLOWED_BIND_PATHS; a runs nothing privileged: ALLOW_PRIVILEGED is "
            + "not set", placer.WhyNowhere());
    }

    [Fact]
    public void What_keeps_to_itself_asks_nothing_of_any_policy()
    {
        Assert.Null(Reach.Of(Plain with { Ports = [new(80, 8080), new(81)], Volumes = [new("data", "/data")], CapAdd = ["NET_RAW"] }));
        Assert.NotNull(Reach.Of(Curious));
    }

    [Fact]
    public void Nothing_is_ordered_that_would_be_refused_and_a_dry_run_and_an_explanation_say_why()
    {
        const string Why = "no worker can take it: a does not mount /etc: it is not in a folder of ALLOWED_BIND_PATHS";
        var cluster = new CalmCluster("a");
        cluster.Edit("a", worker => worker with { Policy = Strict });
        cluster.Create(new() { Container = Curious });
        Assert.Equal([$"slot 1: {Why}"], DryRun.Of(before: null, cluster.Situation).Waiting);

        cluster.Settle();
        var record = cluster.Record;
        cluster.Pass(TimeSpan.FromMinutes(2));

        Assert.Equal([$"slot 1: {Why}"], cluster.Last!.Waiting);
        Assert.Empty(cluster.Orders);
        Assert.Same(record, cluster.Record);
        Assert.Equal(["a policy"], Explanation.Of(cluster.Situation).Slots.Single().Refused.Select(it => $"{it.Worker} {it.Rule}"));

        cluster.Edit("a", worker => worker with { Policy = new() { BindPaths = ["/etc"] } });
        cluster.Settle();
        Assert.Equal(["web-1-r1-a1 on a"], cluster.Live);
    }

    [Fact]
    public void What_runs_stays_where_its_folder_is_not_allowed_any_more()
    {
        var cluster = CalmCluster.Running(new() { Container = Curious }, "a", "b");
        foreach (var worker in new[] { "a", "b" }) cluster.Edit(worker, it => it with { Policy = Strict });
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Empty(cluster.Orders);
    }

    [Fact]
    public void A_worker_that_refuses_again_and_again_is_asked_ever_more_rarely()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(new() { Container = Curious });
        List<double> pauses = [];
        for (var times = 0; times < 7; times++)
        {
            Refuse(cluster, Refusal.Impossible);
            pauses.Add((cluster.Record!.Exclusions.Single().Until - cluster.Now).TotalSeconds);
            cluster.Idle(TimeSpan.FromSeconds(pauses[^1] + 1));
        }

        Assert.Equal([10, 20, 40, 80, 160, 300, 300], pauses);
        cluster.Set("""{"image":"web:2"}""");
        Assert.Empty(cluster.Record!.Exclusions);
    }

    [Fact]
    public void A_worker_without_room_is_asked_again_after_ten_seconds_however_often()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(new() { Container = Plain });
        for (var times = 0; times < 3; times++)
        {
            Refuse(cluster, Refusal.NoCapacity);
            Assert.Equal(10, (cluster.Record!.Exclusions.Single().Until - cluster.Now).TotalSeconds);
            cluster.Idle(TimeSpan.FromSeconds(11));
        }
    }

    /// <summary>The worker does not take the instance that is decided now.</summary>
    private static void Refuse(CalmCluster cluster, Refusal refusal)
    {
        var placed = cluster.Decide().Record.Instances.Single();
        var answer = new OrderAnswer { Refusal = refusal, Reason = "this worker does not mount /etc" };
        cluster.Record = cluster.Record!.WithRefusal(new OrderRefused(placed.Name, placed.Worker, answer), cluster.Observed, cluster.Now);
    }

    private static Placer PlacerFor(ContainerSpec container, params Worker[] workers) =>
        new(new Fleet(workers.ToValueList()), PlacementRequest.Of("web", container, new PlacementRules(), []));
}
