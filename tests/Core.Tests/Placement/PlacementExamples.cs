using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.Core.Tests.Simulation;

using static Orchestrator.Core.Tests.Placement.Inputs;

namespace Orchestrator.Core.Tests.Placement;

public sealed class PlacementExamples
{
    private static Placer PlacerFor(
        IEnumerable<Worker> workers, PlacementRules? rules = null, ContainerSpec? container = null, params Exclusion[] exclusions) =>
        new(new Fleet(workers.ToValueList()),
            PlacementRequest.Of("web", container ?? Plain, rules ?? new(), new ValueList<Exclusion>(exclusions)));

    private static List<string> Place(int count, PlacementRules? rules, ContainerSpec? container, params Worker[] workers)
    {
        var fleet = new Fleet(workers.ToValueList());
        var placer = new Placer(fleet, PlacementRequest.Of("web", container ?? Plain, rules ?? new(), []));
        return [.. Enumerable.Range(1, count).Select(i => placer.Place($"web-{i}-r1-a1"))
            .Select(c => c.Found ? fleet.Workers[c.Worker].Name : "nowhere")];
    }

    [Fact]
    public void The_least_loaded_worker_is_chosen_by_cpu_and_by_memory()
    {
        foreach (var idle in new[] { "a", "b" })
        {
            foreach (var load in new[] { new WorkerLoad { Cpu = 0.9 }, new WorkerLoad { Memory = 0.9 },
                new WorkerLoad { Reserved = new ResourceAmount(6) } })
                Assert.Equal([idle], Place(
                    1, null, null, [.. new[] { "a", "b" }.Select(n => Named(n) with { Load = n == idle ? new WorkerLoad() : load })]));
        }
    }

    [Fact]
    public void Instances_of_a_service_are_spread_before_load_counts()
    {
        var chosen = Place(3, null, null, Named("a") with { Load = new WorkerLoad { Cpu = 0.9 } }, Named("b"), Named("c"));
        Assert.Equal(["a", "b", "c"], chosen.Order());
        Assert.Equal("a", chosen[^1]);
    }

    [Fact]
    public void Binpack_fills_the_fullest_worker_that_has_room()
    {
        var half = Named("b") with { Load = new WorkerLoad { Reserved = new ResourceAmount(4) } };
        Assert.Equal(["b", "b", "a"],
            Place(3, new PlacementRules { Strategy = PlacementStrategy.Binpack }, Reserving(2), Named("a"), half));
    }

    [Fact]
    public void Zones_are_filled_evenly_even_when_one_has_more_workers()
    {
        var chosen = Place(4, new PlacementRules { SpreadOver = "zone" }, null, Zoned("a1", "a"), Zoned("a2", "a"), Zoned("a3", "a"),
            Zoned("b1", "b"));
        Assert.Equal(2, chosen.Count(w => w == "b1"));
    }

    [Fact]
    public void A_full_zone_gives_way_to_the_next()
    {
        var full = Zoned("b1", "b") with { Load = new WorkerLoad { Reserved = new ResourceAmount(8) } };
        Assert.Equal(["a1", "a1"], Place(2, new PlacementRules { SpreadOver = "zone" }, Reserving(1), Zoned("a1", "a"), full));
    }

    [Fact]
    public void Reservations_are_a_hard_limit_with_what_is_on_its_way()
    {
        Assert.Equal(["a", "a", "nowhere"], Place(3, null, Reserving(4), Named("a")));
        Assert.Equal(["a", "nowhere"],
            Place(2, null, Reserving(0, 4096),
            Named("a") with { Load = new WorkerLoad { Reserved = new ResourceAmount(0, ByteSize.Mi(4096)) } }));
    }

    [Fact]
    public void A_burst_does_not_herd_on_the_idle_worker()
    {
        var chosen = Place(20, new PlacementRules { Strategy = PlacementStrategy.Spread }, null,
            Named("a") with { Load = new WorkerLoad { Cpu = 0.5 } }, Named("b"));
        Assert.Equal(10, chosen.Count(w => w == "a"));
    }

    [Fact]
    public void What_is_on_its_way_weighs_even_when_it_reserves_nothing()
    {
        var placer = PlacerFor([Named("a")]);
        var before = placer.ScoreOf(0);
        placer.Place("web-1-r1-a1");
        Assert.Equal((before.Here + 1, true), (placer.ScoreOf(0).Here, placer.ScoreOf(0).Load > before.Load));
    }

    [Fact]
    public void An_instance_that_is_leaving_takes_no_part_in_the_spread()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 2 });
        cluster.Settle();
        cluster.Set("""{"instances":1}""");
        var leaving = cluster.Decide().Record.Instances.Single(i => i.Intent == Intent.Stop).Worker;
        cluster.Edit(leaving, w => w with { Load = new WorkerLoad { Cpu = 0.9 } });
        cluster.Set("""{"instances":3}""");
        Assert.Equal(leaving, cluster.Decide().Record.Instances.Single(i => i.Slot == 3).Worker);
    }

    [Fact]
    public void Different_services_do_not_all_begin_with_the_same_worker()
    {
        var workers = Enumerable.Range(0, 10).Select(i => Named($"w{i}")).ToValueList();
        var first = Enumerable.Range(0, 50)
            .Select(i => new Placer(new Fleet(workers), PlacementRequest.Of($"service-{i}", Plain, new(), [])).Place("x-1-r1-a1").Worker)
            .Distinct().Count();
        Assert.True(first > 5, $"50 services began on {first} of 10 workers");
    }

    [Fact]
    public void A_preference_outweighs_load_and_an_image_breaks_a_tie()
    {
        var gpu = Named("b") with { Labels = ValueMap.Of(("gpu", "yes")), Load = new WorkerLoad { Cpu = 0.6 } };
        Assert.Equal(["b"], Place(1, new PlacementRules { Preferences = [new PlacementPreference("gpu", 50)] }, null, Named("a"), gpu));
        Assert.Equal(["a"], Place(
            1, new PlacementRules { Preferences = [new PlacementPreference("gpu", -50)] }, null,
            Named("a") with { Load = new WorkerLoad { Cpu = 0.9 } }, gpu));
        foreach (var has in new[] { "a", "b", "c" })
            Assert.Equal([has], Place(
                1, null, null, [.. new[] { "a", "b", "c" }.Select(n => Named(n) with { Images = n == has ? ["web:1"] : [] })]));
    }

    [Fact]
    public void MaxPerWorker_and_fixed_ports_bound_what_one_worker_takes()
    {
        Assert.Equal(["a", "a", "nowhere"], Place(3, new PlacementRules { MaxPerWorker = 2 }, null, Named("a")));
        Assert.Equal(["a", "nowhere"],
            Place(2, null, Plain with { Ports = [new PortMapping(80, 8080)] }, Named("a"), Named("b") with { HostPorts = [new(8080)] }));
    }

    [Fact]
    public void The_same_number_of_the_other_protocol_is_another_port() => Assert.Equal(
        ["a"],
        Place(1, null, Plain with { Ports = [new PortMapping(53, 8080, PortProtocol.Udp)] }, Named("a") with { HostPorts = [new(8080)] }));

    [Theory]
    [InlineData("10.0.0.5:8080/tcp", "127.0.0.1", true, null)]
    [InlineData("10.0.0.5:8080/tcp", "10.0.0.5", false, "has port 10.0.0.5:8080/tcp taken")]
    [InlineData("10.0.0.5:8080/tcp", null, false, "has port 10.0.0.5:8080/tcp taken, which overlaps 8080/tcp")]
    [InlineData("8080/tcp", "10.0.0.5", false, "has port 8080/tcp taken, which overlaps 10.0.0.5:8080/tcp")]
    [InlineData("10.0.0.5:8080/tcp", "0.0.0.0", false, "has port 10.0.0.5:8080/tcp taken, which overlaps 8080/tcp")]
    [InlineData("[::1]:8080/tcp", "::", false, "has port [::1]:8080/tcp taken, which overlaps 8080/tcp")]
    [InlineData("[::1]:8080/tcp", "0:0::1", false, "has port [::1]:8080/tcp taken")]
    [InlineData("127.0.0.1:8080/udp", "127.0.0.1", true, null)]
    public void A_port_at_one_address_is_another_than_at_another_one(string taken, string? address, bool placed, string? why)
    {
        var container = Plain with { Ports = [new PortMapping(80, 8080, Address: address)] };
        var worker = Named("a") with { HostPorts = [HostPort.Parse(taken)!] };
        Assert.Equal([placed ? "a" : "nowhere"], Place(1, null, container, worker));
        var placer = new Placer(new Fleet([worker]), PlacementRequest.Of("web", container, new PlacementRules(), []));
        Assert.Equal((placed ? Rule.None : Rule.HostPort, why ?? "is eligible"), (placer.Refusal(0), placer.Words(placer.Refusal(0), 0)));
    }

    [Fact]
    public void What_the_service_itself_holds_at_an_address_leaves_the_others()
    {
        var (here, there) = (Plain with { Ports = [new PortMapping(80, 8080, Address: "10.0.0.5")] },
            Plain with { Ports = [new PortMapping(80, 8080, Address: "10.0.0.6")] });
        var fleet = new Fleet([Named("a")]);
        fleet.Holds(0, leaving: false, here.Ports);
        Assert.Equal(Rule.HostPort, new Placer(fleet, PlacementRequest.Of("web", here, new PlacementRules(), [])).Refusal(0));
        Assert.Equal(Rule.None, new Placer(fleet, PlacementRequest.Of("web", there, new PlacementRules(), [])).Refusal(0));
    }

    [Fact]
    public void Each_refusal_says_the_rule_and_the_figures()
    {
        var placer = PlacerFor(
            [
                Named("busy") with { Load = new WorkerLoad { Reserved = new ResourceAmount(7) } },
                    Named("drained") with { Draining = true }, Named("lost") with { Health = WorkerHealth.Lost },
                Named("odd") with { Labels = ValueMap.Of(("zone", "x")) }, Named("silent") with { Health = WorkerHealth.Suspect },
                    Named("small") with { Capacity = new WorkerCapacity(8, ByteSize.Mi(100)) }, Named("sour"),
            ],
            new PlacementRules { Constraints = ["zone != x"] }, Reserving(2, 200),
                new Exclusion("sour", CalmCluster.Start, "refused web-1-r1-a1: no room"));
        Assert.False(placer.Place("web-1-r1-a1").Found);
        Assert.Equal(
            "2 workers not ready; drained is draining; sour refused web-1-r1-a1: no room; odd does not fulfil zone != x: zone is x; busy has 1 of 8 CPU free, 2 needed; small has 100Mi of 100Mi memory free, 200Mi needed",
            placer.WhyNowhere());
    }

    [Fact]
    public void A_silent_worker_is_told_with_what_is_known_of_its_silence()
    {
        var silent = Named("a") with { Health = WorkerHealth.Suspect };
        Assert.Equal("is suspect: it has been silent for a while", PlacerFor([silent]).Words(Rule.Ready, 0));
        Assert.Equal("is suspect: its sidecar is away", PlacerFor([silent with { Note = "its sidecar is away" }]).Words(Rule.Ready, 0));
    }

    [Fact]
    public void A_limit_of_all_cores_of_a_worker_is_none_too_many()
    {
        var container = Plain with { Resources = new() { Limit = new ResourceAmount(2) } };
        Assert.Equal(Rule.None, PlacerFor([Named("a") with { Capacity = new(8, ByteSize.Mi(8192), 2) }], container: container).Refusal(0));
    }

    [Fact]
    public void The_choice_keeps_the_scores_that_decided()
    {
        var placer = PlacerFor([Named("a"), Named("b") with { Load = new WorkerLoad { Cpu = 0.5 } }]);
        Assert.Equal("fewest instances, then least loaded of 2: 0 here, load 0.00; next b: 0 here, load 0.25",
            placer.Words(placer.Place("web-1-r1-a1")));
    }

    [Fact]
    public void Many_workers_are_sampled_and_room_is_found_wherever_it_is()
    {
        var workers = Enumerable.Range(0, 2000)
            .Select(i => Named($"w{i:D4}") with { Load = new WorkerLoad { Reserved = new ResourceAmount(i == 1234 ? 0 : 8) } }).ToArray();
        Assert.Equal(["w1234", "nowhere"], Place(2, null, Reserving(8), workers));
        var even = Place(2000, null, null, [.. Enumerable.Range(0, 2000).Select(i => Named($"w{i:D4}"))]).CountBy(w => w).Max(c => c.Value);
        Assert.True(even <= 2, $"a worker got {even} of 2,000 instances on 2,000 workers");
    }

    [Theory]
    [InlineData("zone == a", true)]
    [InlineData("zone == b", false)]
    [InlineData("zone != a", false)]
    [InlineData("zone != b", true)]
    [InlineData("disk != hdd", true)]
    [InlineData("disk == hdd", false)]
    [InlineData("zone in (a, b)", true)]
    [InlineData("zone in (b)", false)]
    [InlineData("zone", true)]
    [InlineData("disk", false)]
    [InlineData("worker == w1", true)]
    public void Constraints_speak_of_labels(string rule, bool holds)
    {
        Assert.True(Constraint.TryParse(rule, out var constraint, out _));
        Assert.Equal(holds, constraint.Holds(Zoned("w1", "a")));
    }

    [Theory]
    [InlineData("", "expected a label at position 1")]
    [InlineData("zone =", "expected ==, != or in at position 6")]
    [InlineData("zone ==", "expected a value at position 8")]
    [InlineData("zone in a", "expected ( at position 9")]
    [InlineData("zone in (a b)", "expected , or ) at position 12")]
    [InlineData("zone == a b", "expected the end at position 11")]
    public void A_wrong_constraint_is_told_with_its_position(string rule, string problem)
    {
        Assert.False(Constraint.TryParse(rule, out _, out var said));
        Assert.Equal(problem, said);
    }

    [Fact]
    public void A_limit_above_the_cores_of_a_worker_is_a_reason_of_placement()
    {
        var container = Plain with { Resources = new() { Limit = new ResourceAmount(3) } };
        Worker[] workers =
        [
            Named("a-small") with { Capacity = new(8, ByteSize.Mi(8192), 2) },
            Named("b-large") with { Capacity = new(8, ByteSize.Mi(8192), 4) },
        ];
        var placer = PlacerFor(workers, container: container);
        Assert.Equal((Rule.Cores, Rule.None), (placer.Refusal(0), placer.Refusal(1)));
        Assert.Equal("has 2 cores, and the limit is 3", placer.Words(Rule.Cores, 0));
        Assert.Equal("2 workers have fewer cores than the limit of 3",
            PlacerFor(workers.Select(it => it with { Capacity = new(8, ByteSize.Mi(8192), 2) }), container: container).WhyNowhere());
        Assert.Equal(Rule.None, PlacerFor([Named("untold")], container: container).Refusal(0));
    }
}
