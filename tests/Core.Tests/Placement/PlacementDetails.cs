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

/// <summary>The figures behind a choice, and what is said about it.</summary>
public sealed class PlacementDetails
{
    private static (Fleet Fleet, Placer Placer) For(PlacementRules? rules, ContainerSpec? container, params Worker[] workers)
    {
        var fleet = new Fleet(workers.ToValueList());
        return (fleet, new Placer(fleet, PlacementRequest.Of("web", container ?? Plain, rules ?? new(), [])));
    }

    [Theory]
    [InlineData(0.9, 0.5, 0, 0, 0.45)]
    [InlineData(0.5, 0.9, 0, 0, 0.45)]
    [InlineData(0.9, 0, 4, 0, 0.7)]
    [InlineData(0.9, 0, 0, 4096, 0.7)]
    [InlineData(0, 0, 2, 4096, 0.25)]
    [InlineData(2, 0, 99, 0, 1)]
    public void Load_is_half_live_use_and_half_reservations_the_scarcer_of_cpu_and_memory(
        double cpu, double memory, double reservedCpu, long reservedMebi, double load)
    {
        var (_, placer) = For(null, null,
            Named("a") with { Load = new WorkerLoad { Cpu = cpu, Memory = memory,
            Reserved = new ResourceAmount(reservedCpu, ByteSize.Mi(reservedMebi)) } });
        Assert.Equal(load, placer.ScoreOf(0).Load, 6);
    }

    [Fact]
    public void Without_reservations_the_number_of_instances_tells_how_full_a_worker_is()
    {
        var (_, placer) = For(null, null, Named("a") with { Load = new WorkerLoad { Instances = 100 } });
        Assert.Equal(0.25, placer.ScoreOf(0).Load, 6);
        placer.Place("web-1-r1-a1");
        Assert.Equal((101.0 / 201 / 2) + (1 / 40.0), placer.ScoreOf(0).Load, 6);
    }

    [Fact]
    public void A_worker_that_tells_no_capacity_has_none_to_reserve_and_is_not_divided_by()
    {
        var (_, placer) = For(null, Reserving(1), Named("a") with { Capacity = new WorkerCapacity() });
        Assert.Equal(0, placer.ScoreOf(0).Load);
        Assert.Equal(Rule.Cpu, placer.Refusal(0));
        var (_, told) = For(null, null,
            Named("a") with { Capacity = new WorkerCapacity(),
            Load = new WorkerLoad { Reserved = new ResourceAmount(1, ByteSize.Mi(1)) } });
        Assert.Equal(0, told.ScoreOf(0).Load);
    }

    [Fact]
    public void Memory_that_is_on_its_way_fills_a_worker_as_well_and_is_told()
    {
        var (_, placer) = For(null, Reserving(0, 2048),
            Named("a") with { Load = new WorkerLoad { Reserved = new ResourceAmount(0, ByteSize.Mi(3072)) } });
        placer.Place("web-1-r1-a1");
        Assert.Equal((5 / 8.0 / 2) + (1 / 40.0), placer.ScoreOf(0).Load, 6);
        placer.Place("web-2-r1-a1");
        Assert.Equal("has 1024Mi of 8192Mi memory free, 2Gi needed", placer.Words(placer.Refusal(0), 0));
    }

    [Fact]
    public void Zones_that_hold_equally_many_are_filled_in_the_order_of_their_names()
    {
        var (fleet, placer) = For(new PlacementRules { SpreadOver = "zone" }, null, Zoned("w1", "a"), Zoned("w2", "b"), Zoned("w3", "c"));
        Assert.Equal(["w1", "w2", "w3", "w1", "w2", "w3"],
            Enumerable.Range(1, 6).Select(slot => fleet.Workers[placer.Place($"web-{slot}-r1-a1").Worker].Name));
    }

    [Fact]
    public void The_runner_up_is_named_also_when_it_is_the_first_worker()
    {
        var (_, placer) = For(null, null, Named("a") with { Load = new WorkerLoad { Cpu = 0.8 } }, Named("b"));
        Assert.Equal("fewest instances, then least loaded of 2: 0 here, load 0.00; next a: 0 here, load 0.40",
            placer.Words(placer.Place("web-1-r1-a1")));
    }

    [Fact]
    public void Binpack_says_that_it_fills()
    {
        var (_, placer) = For(new PlacementRules { Strategy = PlacementStrategy.Binpack }, null, Named("a"));
        Assert.StartsWith("fullest with room of 1", placer.Words(placer.Place("web-1-r1-a1")), StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_the_sample_the_first_with_room_is_taken_and_nothing_is_compared()
    {
        var workers = Enumerable.Range(0, 400)
            .Select(i => Named($"w{i:D3}") with { Load = new WorkerLoad { Reserved = new ResourceAmount(i == 77 ? 0 : 8) } }).ToArray();
        var (_, placer) = For(null, Reserving(0.001), workers);
        var choices = Enumerable.Range(1, 4000).Select(slot => placer.Place($"web-{slot}-r1-a1")).ToList();
        Assert.All(choices, choice => Assert.Equal(77, choice.Worker));
        // One look is no less than the worker itself, and beyond the sample it is at least the one after it.
        Assert.Equal([1, Placer.Sample + 1], choices.Select(choice => choice.Looked).Distinct().Order().Take(2));
        Assert.All(choices, choice => Assert.Equal(-1, choice.RunnerUp));
    }

    [Fact]
    public void Outside_the_sample_maxPerWorker_holds_as_well()
    {
        var (fleet, placer) = For(
            new PlacementRules { MaxPerWorker = 1 }, null, [.. Enumerable.Range(0, 400).Select(i => Named($"w{i:D3}"))]);
        for (var worker = 0; worker < 400; worker++)
        {
            if (worker is not (77 or 177 or 277)) fleet.Holds(worker, leaving: false, []);
        }

        Assert.Equal([77, 177, 277], Enumerable.Range(1, 3).Select(slot => placer.Place($"web-{slot}-r1-a1").Worker).Order());
    }

    [Fact]
    public void A_worker_that_is_overbooked_takes_what_reserves_nothing()
    {
        var overbooked = Named("a") with { Load = new WorkerLoad { Reserved = new ResourceAmount(9, ByteSize.Mi(9000)) } };
        Assert.True(For(null, null, overbooked).Placer.Place("web-1-r1-a1").Found);
    }

    [Fact]
    public void A_survey_lifts_memory_and_the_count_against_maxPerWorker_as_well()
    {
        var (fleet, placer) = For(
            new PlacementRules { MaxPerWorker = 1 }, Reserving(0, 5000),
            Named("a") with { Load = new WorkerLoad { Reserved = new ResourceAmount(0, ByteSize.Mi(5000)) } });
        fleet.Holds(0, leaving: false, []);
        Assert.Equal(Rule.MaxPerWorker, placer.Survey().Refused.Single().Rule);
        Assert.Single(placer.Survey(without: 0).Ranked);
        Assert.Equal((1, 0L), (fleet[0].Present, fleet[0].Memory));
    }

    [Fact]
    public void A_score_is_the_sum_of_its_parts()
    {
        var worker = Named("a") with { Load = new WorkerLoad { Cpu = 0.42 }, Images = ["web:1"], Labels = ValueMap.Of(("gpu", "yes")) };
        var rules = new PlacementRules { Preferences = [new PlacementPreference("gpu", 30), new PlacementPreference("disk", 70)] };
        var (fleet, placer) = For(rules, null, worker);
        Assert.Equal((60 * 0.2) - 30 - 2, placer.ScoreOf(0).Total, 6);
        fleet.Holds(0, leaving: false, []);
        fleet[0].Failing++;
        var score = placer.ScoreOf(0);
        Assert.Equal(100 + (60 * 0.2) - 30 - 2 + 150, score.Total, 6);
        Assert.Equal("1 here, load 0.21, preference 30, has the image, 1 failing there", score.ToString());
    }

    [Fact]
    public void Binpack_scores_by_fullness_alone()
    {
        var (_, placer) = For(new PlacementRules { Strategy = PlacementStrategy.Binpack }, null,
            Named("a") with { Load = new WorkerLoad { Cpu = 0.9, Reserved = new ResourceAmount(2) } });
        Assert.Equal(-25, placer.ScoreOf(0).Total, 6);
    }

    [Fact]
    public void The_runner_up_is_the_second_best_wherever_it_stands()
    {
        foreach (var loads in new[] { (0.0, 0.4, 0.8), (0.8, 0.4, 0.0), (0.4, 0.0, 0.8), (0.4, 0.8, 0.0), (0.0, 0.8, 0.4),
            (0.8, 0.0, 0.4) })
        {
            Worker With(string name, double cpu) => Named(name) with { Load = new WorkerLoad { Cpu = cpu } };
            var (fleet, placer) = For(null, null, With("a", loads.Item1), With("b", loads.Item2), With("c", loads.Item3));
            var choice = placer.Place("web-1-r1-a1");
            Assert.Equal((0.0, 0.4, 3), (fleet.Workers[choice.Worker].Load.Cpu, fleet.Workers[choice.RunnerUp].Load.Cpu, choice.Looked));
            Assert.Equal((0.0, 0.2), (choice.Score.Load, choice.NextScore.Load));
        }
    }

    [Fact]
    public void A_single_candidate_has_no_runner_up()
    {
        var (_, placer) = For(null, null, Named("a"));
        Assert.Equal("fewest instances, then least loaded of 1: 0 here, load 0.00", placer.Words(placer.Place("web-1-r1-a1")));
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void Up_to_three_hundred_workers_all_are_ranked(int workers, bool all)
    {
        foreach (var idle in new[] { 0, 150, workers - 1 })
        {
            var (_, placer) = For(null, null,
                [.. Enumerable.Range(0, workers)
                .Select(i => Named($"w{i:D3}") with { Load = new WorkerLoad { Cpu = i == idle ? 0 : 0.9 } })]);
            var choice = placer.Place("web-1-r1-a1");
            Assert.Equal(all ? workers : Placer.Sample, choice.Looked);
            if (all) Assert.Equal(idle, choice.Worker);
        }
    }

    [Fact]
    public void A_stride_visits_every_place_once()
    {
        Assert.True(Enumerable.Range(0, 20).Select(seed => Names.Stride(60, (uint)seed)).Distinct().Count() > 5);
        for (var count = 2; count <= 60; count++)
        {
            for (uint seed = 0; seed < 20; seed++)
            {
                var stride = Names.Stride(count, seed);
                Assert.Equal(count, Enumerable.Range(0, count).Select(i => (int)((long)i * stride % count)).Distinct().Count());
            }
        }
    }

    [Fact]
    public void Numbers_from_names_are_the_same_in_every_process() =>
        Assert.Equal((2926470698u, 2598497863u), (Names.Hash("web-1-r1-a1", 0), Names.Hash("web-1-r1-a1", 1)));

    [Fact]
    public void Workers_may_come_in_any_order()
    {
        var (fleet, _) = For(null, null, Named("c"), Named("a"), Named("b"));
        Assert.Equal(["a", "b", "c"], fleet.Workers.Select(w => w.Name));
        Assert.Equal((0, 1, 2, -1), (fleet.IndexOf("a"), fleet.IndexOf("b"), fleet.IndexOf("c"), fleet.IndexOf("d")));
    }

    [Fact]
    public void A_fixed_port_that_was_just_given_back_is_free_and_one_that_is_held_is_not()
    {
        var container = Plain with { Ports = [new PortMapping(80), new PortMapping(81, 8081)] };
        var (fleet, placer) = For(null, container, Named("a") with { HostPorts = [new(8081)] }, Named("b"));
        Assert.Equal(Rule.HostPort, placer.Refusal(0));
        Assert.Equal("has port 8081/tcp taken", placer.Words(Rule.HostPort, 0));
        fleet.Release(0, new ResourceAmount(), container.Ports);
        Assert.Equal(Rule.None, placer.Refusal(0));
        fleet.Holds(0, leaving: true, container.Ports);
        Assert.Equal(Rule.HostPort, placer.Refusal(0));
    }

    [Fact]
    public void What_is_leaving_still_counts_against_maxPerWorker_and_the_words_say_how_many()
    {
        var (fleet, placer) = For(new PlacementRules { MaxPerWorker = 2 }, null, Named("a"));
        fleet.Holds(0, leaving: true, []);
        Assert.Equal(Rule.None, placer.Refusal(0));
        fleet.Holds(0, leaving: false, []);
        Assert.Equal((Rule.MaxPerWorker, "has 2 instances, at most 2 are allowed"),
            (placer.Refusal(0), placer.Words(Rule.MaxPerWorker, 0)));
        Assert.True(placer.PlaceOn(0, place: null, out _));
        Assert.Equal(3, fleet[0].Present);
    }

    [Fact]
    public void The_worker_to_be_left_is_no_candidate()
    {
        var (_, placer) = For(null, null, Named("a"));
        Assert.False(placer.Place("web-1-r1-a1", leaving: "a").Found);
        Assert.Equal("a is the worker that is to be left", placer.WhyNowhere(0));
        Assert.True(placer.Place("web-1-r1-a1").Found);
    }

    [Fact]
    public void Many_refusals_are_counted_rule_by_rule()
    {
        var twice = new[] { "1", "2" };
        Worker[] workers =
        [
            .. twice.Select(n => Named("d" + n) with { Draining = true }), .. twice.Select(n => Named("x" + n)),
                .. twice.Select(n => Zoned("z" + n, "far")),
            .. twice.Select(n => Named("p" + n) with { HostPorts = [new(8080)] }),
                .. twice.Select(n => Named("c" + n) with { Load = new WorkerLoad { Reserved = new ResourceAmount(7) } }),
            .. twice.Select(n => Named("m" + n) with { Capacity = new WorkerCapacity(8, ByteSize.Mi(100)) }),
        ];
        var container = Reserving(2, 200) with { Ports = [new PortMapping(80, 8080)] };
        var placer = new Placer(new Fleet(workers.ToValueList()),
            PlacementRequest.Of("web", container, new PlacementRules { Constraints = ["zone != far"] },
            [new Exclusion("x1", CalmCluster.Start, "no"), new Exclusion("x2", CalmCluster.Start, "no")]));
        Assert.Equal(
            "2 workers draining; 2 workers excluded for a while: x1 no; 2 workers do not fulfil zone != far; 2 workers have a fixed port taken; 2 workers short of CPU (2 needed); 2 workers short of memory (200Mi needed)",
            placer.WhyNowhere());
    }

    [Fact]
    public void Each_constraint_is_told_by_itself()
    {
        var rules = new PlacementRules { Constraints = ["zone != far", "gpu"] };
        var (_, placer) = For(rules, null, Zoned("a", "far"), Zoned("b", "far"), Named("c"));
        Assert.Equal("c does not fulfil gpu: gpu is not set; 2 workers do not fulfil zone != far", placer.WhyNowhere());
    }

    [Fact]
    public void Without_workers_that_is_said() => Assert.Equal("there are no workers", For(null, null).Placer.WhyNowhere());

    [Fact]
    public void A_zone_is_told_with_what_it_has()
    {
        var (fleet, placer) = For(new PlacementRules { SpreadOver = "zone" }, null, Zoned("a1", "a"), Named("n1"));
        Assert.Equal("fewest instances, then least loaded of 1: zone (none) has 0; 0 here, load 0.00",
            placer.Words(placer.Place("web-1-r1-a1")));
        Assert.Equal("fewest instances, then least loaded of 1: zone a has 0; 0 here, load 0.00",
            placer.Words(placer.Place("web-2-r1-a1")));
        fleet.Holds(fleet.IndexOf("n1"), leaving: false, []);
        Assert.Equal("a1", fleet.Workers[placer.Place("web-3-r1-a1").Worker].Name);
    }

    [Fact]
    public void A_zone_counts_what_runs_on_its_workers_that_take_nothing_now()
    {
        var (fleet, placer) = For(
            new PlacementRules { SpreadOver = "zone" }, null, Zoned("a1", "a"), Zoned("a2", "a") with { Draining = true },
            Zoned("b1", "b"));
        fleet.Holds(1, leaving: false, []);
        Assert.Equal("b1", fleet.Workers[placer.Place("web-1-r1-a1").Worker].Name);
    }

    [Fact]
    public void The_worst_off_is_where_an_instance_costs_most_and_zones_come_first()
    {
        var (fleet, placer) = For(null, null, Named("a"), Named("b"), Named("c") with { Load = new WorkerLoad { Cpu = 0.9 } });
        Assert.Equal(-1, placer.WorstOff());
        fleet.Holds(0, leaving: false, []);
        Assert.Equal(0, placer.WorstOff());
        fleet.Holds(1, leaving: false, []);
        Assert.Equal(0, placer.WorstOff());
        fleet.Holds(1, leaving: false, []);
        Assert.Equal(1, placer.WorstOff());

        var (zones, byZone) = For(new PlacementRules { SpreadOver = "zone" }, null, Zoned("a1", "a"), Zoned("a2", "a"), Zoned("b1", "b"));
        zones.Holds(0, leaving: false, []);
        zones.Holds(1, leaving: false, []);
        zones.Holds(2, leaving: false, []);
        Assert.Equal(0, byZone.WorstOff());
        Assert.Equal(-100, byZone.GainOfLeaving(0), 6);
    }

    [Fact]
    public void The_gain_of_a_move_is_what_it_saves_and_nothing_is_left_counted()
    {
        var (fleet, placer) = For(null, Reserving(1), Named("a"), Named("b"));
        fleet.Holds(0, leaving: false, []);
        fleet.Holds(0, leaving: false, []);
        var before = placer.ScoreOf(0);
        Assert.InRange(placer.GainOfLeaving(0), 95, 105);
        Assert.Equal(before, placer.ScoreOf(0));
        Assert.Equal((2, 0.0, 0L), (fleet[0].Present, fleet[0].Cpu, fleet[0].Memory));
        Assert.Equal(double.NegativeInfinity, For(null, null, Named("a")).Placer.GainOfLeaving(0));
    }

    [Fact]
    public void A_survey_ranks_all_and_refuses_the_rest_and_leaves_nothing_counted()
    {
        var (fleet, placer) = For(
            null, Reserving(4), Named("a") with { Load = new WorkerLoad { Cpu = 0.9 } }, Named("b"), Named("c") with { Draining = true },
            Named("d") with { Load = new WorkerLoad { Reserved = new ResourceAmount(8) } });
        var (ranked, refused) = placer.Survey();
        Assert.Equal([1, 0], ranked.Select(r => r.Worker));
        Assert.Equal([(2, Rule.Draining), (3, Rule.Cpu)], refused);
        fleet.Holds(3, leaving: false, []);
        Assert.Equal([1, 3, 0], placer.Survey(without: 3).Ranked.Select(r => r.Worker));
        Assert.Equal((1, 0.0), (fleet[3].Present, fleet[3].Cpu));
        fleet.Holds(0, leaving: false, []);
        Assert.Equal(0, placer.Survey(without: 0).Ranked.Single(r => r.Worker == 0).Score.Here);
        Assert.Equal((1, 0.0), (fleet[0].Present, fleet[0].Cpu));
    }

    /// <summary>Three in zone a, on three workers; two in zone b, on one.</summary>
    private static (Fleet Fleet, Placer Placer) Zones()
    {
        var (fleet, placer) = For(
            new PlacementRules { SpreadOver = "zone" }, null, Zoned("w0", "a"), Zoned("w1", "a"), Zoned("w2", "a"), Zoned("w3", "b"));
        foreach (var worker in new[] { 0, 1, 2, 3, 3 }) fleet.Holds(worker, leaving: false, []);
        return (fleet, placer);
    }

    [Fact]
    public void The_worst_off_worker_is_in_the_fullest_zone() =>
        Assert.Equal("a", Zones() is var (fleet, placer) ? fleet.Workers[placer.WorstOff()].Labels["zone"] : null);

    [Fact]
    public void A_survey_ranks_by_zone_first() => Assert.Equal(3, Zones().Placer.Survey().Ranked[0].Worker);

    [Fact]
    public void A_survey_names_no_more_than_asked_for()
    {
        Assert.Equal([1], Zones().Placer.Survey(without: 1, most: 1).Ranked.Select(r => r.Worker));
    }

    [Fact]
    public void A_move_to_an_emptier_zone_gains_more_than_any_other()
    {
        var (fleet, placer) = For(new PlacementRules { SpreadOver = "zone" }, null, Zoned("w0", "a"), Zoned("w1", "b"));
        for (var i = 0; i < 3; i++) fleet.Holds(0, leaving: false, []);
        Assert.InRange(placer.GainOfLeaving(0), 2100, 2300);
    }

    [Fact]
    public void No_gain_of_a_worker_makes_zones_less_even()
    {
        var (fleet, placer) = For(
            new PlacementRules { SpreadOver = "zone" }, null,
            [Zoned("w0", "a"), .. Enumerable.Range(10, 30).Select(i => Zoned($"w{i}", "b"))]);
        for (var i = 0; i < 30; i++) fleet.Holds(0, leaving: false, []);
        for (var worker = 1; worker <= 30; worker++) fleet.Holds(worker, leaving: false, []);
        Assert.Equal(-1000, placer.GainOfLeaving(0));
    }

    [Theory]
    [InlineData("zone in ( a , b )", true)]
    [InlineData(" zone  ==a ", true)]
    [InlineData("zone in (c,b,a)", true)]
    [InlineData("worker in (w2)", false)]
    [InlineData("rack_1.a/b:c-d != e_2.f/g:h-i", true)]
    public void Blanks_do_not_matter_in_a_constraint(string rule, bool holds)
    {
        Assert.True(Constraint.TryParse(rule, out var constraint, out var problem), problem);
        Assert.Equal((holds, rule), (constraint.Holds(Zoned("w1", "a")), constraint.Text));
    }

    [Theory]
    [InlineData("zone inner a", "expected ==, != or in at position 6")]
    [InlineData("zone in ()", "expected a value at position 10")]
    [InlineData("zone in (a,)", "expected a value at position 12")]
    [InlineData("zone in (a", "expected , or ) at position 11")]
    [InlineData("zone in (a) b", "expected the end at position 13")]
    [InlineData("== a", "expected a label at position 1")]
    public void A_wrong_constraint_says_where(string rule, string problem)
    {
        Assert.False(Constraint.TryParse(rule, out _, out var said));
        Assert.Equal(problem, said);
    }

    [Fact]
    public void A_label_of_the_name_worker_hides_the_name()
    {
        Assert.True(Constraint.TryParse("worker == x", out var constraint, out _));
        Assert.True(constraint.Holds(Named("w1") with { Labels = ValueMap.Of(("worker", "x")) }));
        Assert.Equal(("worker is w1", "zone is not set"),
            (constraint.Saw(Named("w1")), (constraint with { Label = "zone" }).Saw(Named("w1"))));
    }
}
