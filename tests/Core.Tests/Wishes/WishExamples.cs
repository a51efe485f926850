using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Answers;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.Core.Tests.Simulation;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.Core.Tests.Wishes;

public sealed class WishExamples
{
    private static string Problems(string json)
    {
        var (spec, problems) = SpecFields.Merge(new() { Container = new() { Image = "web:1" } }, JsonNode.Parse(json)!.AsObject());
        if (problems.Count == 0) problems = SpecValidation.Problems(spec);
        return string.Join("; ", problems.Select(p => $"{p.Field} {p.Reason}"));
    }

    [Theory]
    [InlineData("""{"ports":[80,{"container":443,"host":8443}],"instances":3,"env":{"A":"b"},"stopGrace":"30s"}""", "")]
    [InlineData("""{"image":""}""", "image is required")]
    [InlineData("""{"image":null}""", "image is required")]
    [InlineData("""{"image":"two words"}""", "image is not an image reference such as nginx:1.27: 'two words' is not a part of a name, "
            + "lower-case letters and digits with '.', '_', '__' or '-' between them")]
    [InlineData("""{"image":5}""", "image is not text")]
    [InlineData("""{"ports":[0]}""", "ports[0].container is 0; allowed are 1 to 65,535")]
    [InlineData("""{"ports":[80,70000]}""", "ports[1].container is 70000; allowed are 1 to 65,535")]
    [InlineData("""{"ports":[80,80]}""", "ports[1].container port 80 is there twice")]
    [InlineData("""{"ports":[{"container":80,"host":99999}]}""", "ports[0].host is 99999; allowed are 1 to 65,535")]
    [InlineData("""{"ports":[{"container":80,"hots":1}]}""", "ports[0].hots is not a known field; known are address, container, host, name, protocol")]
    [InlineData("""{"ports":80}""", "ports is not a list")]
    [InlineData("""{"ports":["http"]}""",
        "ports[0] a port is a number such as 80, text such as \"8080:80\" or \"127.0.0.1:5353:53/udp\", "
            + "or {\"container\":80,\"host\":8080}")]
    [InlineData("""{"instances":-1}""", "instances is -1; allowed are 0 to 5,000")]
    [InlineData("""{"instances":5001}""", "instances is 5001; allowed are 0 to 5,000")]
    [InlineData("""{"instances":"3"}""", "instances is not a whole number")]
    [InlineData("""{"instances":1.5}""", "instances is not a whole number")]
    [InlineData("""{"stopGrace":"soon"}""", "stopGrace a duration is text such as \"500ms\", \"10s\" or \"1m30s\"")]
    [InlineData("""{"stopGrace":"2h"}""", "stopGrace is 2h; allowed are 0s to 1h")]
    [InlineData("""{"mode":"everywhere"}""", "mode is not one of replicated, global, job")]
    [InlineData("""{"update":{"parallelism":0}}""", "update.parallelism is 0; allowed are 1 to 1,000")]
    [InlineData("""{"update":{"maxFailureRatio":2}}""", "update.maxFailureRatio is a number from 0 to 1")]
    [InlineData("""{"update":{"speed":2}}""", 
        "update.speed is not a known field; known are deadline, delay, maxFailureRatio, monitor, onFailure, order, parallelism")]
    [InlineData("""{"placement":{"constraints":["zone = a"]}}""",
        "placement.constraints[0] 'zone = a' cannot be read: expected ==, != or in at position 6")]
    [InlineData("""{"placement":{"preferences":[{"rule":"gpu","weight":0}]}}""",
        "placement.preferences[0].weight is from -100 to 100 and not 0")]
    [InlineData("""{"placement":{"preferences":[{"rule":"gpu","wight":7}]}}""", 
        "placement.preferences[0].wight is not a known field; known are rule, weight")]
    [InlineData("""{"placement":{"maxPerWorker":0}}""", "placement.maxPerWorker is 0; allowed are 1 to 5,000")]
    [InlineData("""{"resources":{"reserve":{"memory":"much"}}}""",
        "resources.reserve.memory memory is a number of bytes or text such as \"64Mi\" or \"2Gi\"")]
    [InlineData("""{"resources":{"reserve":{"cpu":-1}}}""", "resources.reserve.cpu is a number of cores from 0 to 4096")]
    [InlineData("""{"resources":{"reserve":{"cpu":2},"limit":{"cpu":1}}}""", "resources.limit.cpu is less than what is reserved")]
    [InlineData("""{"volumes":[{"source":"data","target":"data"}]}""", 
        "volumes[0].target is an absolute path in the container, without . or .. in it, and not /")]
    [InlineData("""{"volumes":[{"source":"data","target":"/d","exclusive":true}],"update":{"order":"start-first"}}""",
        "update.order start-first would open volume data twice, and it is exclusive")]
    [InlineData("""{"health":{"command":[]}}""", "health says http, tcp, command or none")]
    [InlineData("""{"env":{"A=B":"c"}}""", "env.A=B is not the name of an environment variable")]
    [InlineData("""{"env":{"A":1}}""", "env.A is not text")]
    [InlineData("""{"stopSignal":"please"}""", 
        "stopSignal 'please' is not a signal; signals are SIGTERM, SIGINT, SIGQUIT, SIGUSR1 and the others, or 1 to 64")]
    [InlineData("""{"resources":{"reserve":null}}""", "")]
    [InlineData("""{"placement":{"constraints":null}}""", "")]
    [InlineData("""{"placement":{"constraints":[null]}}""", "placement.constraints[0] is null")]
    [InlineData("""{"ports":[null]}""", "ports[0] is null")]
    [InlineData("""{"command":[null]}""", "command[0] is null")]
    [InlineData("""{"volumes":[null]}""", "volumes[0] is null")]
    [InlineData("""{"health":{"command":null}}""", "health says http, tcp, command or none")]
    [InlineData("""{"update":{"speed":null}}""",
        "update.speed is not a known field; known are deadline, delay, maxFailureRatio, monitor, onFailure, order, parallelism")]
    [InlineData("""{"resources":{"limit":{"disk":1}}}""", "resources.limit.disk is not a known field; known are cpu, memory")]
    [InlineData("""{"resources":5}""", 
        "resources is not an object of blkioWeight, limit, memorySwap, oomScoreAdj, pids, reserve")]
    [InlineData("""{"resources":{"limit":[]}}""", "resources.limit is not an object of cpu, memory")]
    [InlineData("""{"health":"curl"}""", 
        "health is not an object of command, http, interval, none, retries, startInterval, startPeriod, tcp, timeout")]
    [InlineData("""{"env":[]}""", "env is not an object of texts")]
    [InlineData("""{"env":{"A":{"B":null}}}""", "env.A is not text")]
    [InlineData("""{"restart":{"attempts":-1}}""", "restart.attempts is -1; allowed are 0 to 1,000")]
    public void Wrong_input_is_named_with_field_and_reason(string json, string problem) => Assert.Equal(problem, Problems(json));

    [Fact]
    public void An_unknown_field_is_refused_with_those_that_are_known() =>
        Assert.StartsWith("imgae is not a known field; known are attempts, capAdd, capDrop, command,",
            Problems("""{"imgae":"web:2"}"""), StringComparison.Ordinal);

    [Fact]
    public void All_problems_are_told_at_once() =>
        Assert.Equal("instances is -2; allowed are 0 to 5,000; maxUnavailable is 0; allowed are 1 to 5,000",
            Problems("""{"maxUnavailable":0,"instances":-2}"""));

    [Fact]
    public void A_field_that_is_null_goes_back_to_its_default_and_absent_ones_stay()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 4, MaxUnavailable = 3 });
        cluster.Set("""{"instances":null}""");
        Assert.Equal((1, 3), (cluster.Record!.Spec.Instances, cluster.Record.Spec.MaxUnavailable));
    }

    [Theory]
    [InlineData("""{"update":{"parallelism":2}}""", "update parallelism 2, monitor 1m; env {A=1, B=2}; reserve 0.5 64Mi")]
    [InlineData("""{"update":{"monitor":null}}""", "update parallelism 3, monitor 5s; env {A=1, B=2}; reserve 0.5 64Mi")]
    [InlineData("""{"update":null}""", "update parallelism 1, monitor 5s; env {A=1, B=2}; reserve 0.5 64Mi")]
    [InlineData("""{"env":{"C":"3","A":null}}""", "update parallelism 3, monitor 1m; env {B=2, C=3}; reserve 0.5 64Mi")]
    [InlineData("""{"env":null}""", "update parallelism 3, monitor 1m; env {}; reserve 0.5 64Mi")]
    [InlineData("""{"resources":{"reserve":{"cpu":1}}}""", "update parallelism 3, monitor 1m; env {A=1, B=2}; reserve 1 64Mi")]
    [InlineData("""{"resources":{"reserve":{"memory":null}}}""", "update parallelism 3, monitor 1m; env {A=1, B=2}; reserve 0.5 0")]
    public void A_change_keeps_what_it_does_not_name_at_every_depth(string patch, string then)
    {
        var cluster = new CalmCluster("a");
        cluster.Create(SpecFields.Merge(new ServiceSpec(), JsonNode.Parse("""
            {
              "image": "web:1", "env": {"A": "1", "B": "2"}, "update": {"parallelism": 3, "monitor": "1m"},
              "resources": {"reserve": {"cpu": 0.5, "memory": "64Mi"}}
            }
            """)!.AsObject()).Spec);
        cluster.Set(patch);
        var (update, container) = (cluster.Record!.Spec.Update, cluster.Record.Spec.Container);
        var reserve = container.Resources.Reserve;
        Assert.Equal(then, string.Create(CultureInfo.InvariantCulture,
            $"update parallelism {update.Parallelism}, monitor {Durations.Format(update.Monitor)}; env {container.Env}; ")
            + string.Create(CultureInfo.InvariantCulture, $"reserve {reserve.Cpu} {reserve.Memory}"));
    }

    [Fact]
    public void What_a_change_begins_has_the_defaults_of_what_it_does_not_name_and_a_list_is_replaced_whole()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1", Ports = [new(80), new(81)] } });
        cluster.Set("""{"health":{"command":["check"],"retries":null},"ports":[{"container":82,"host":null}]}""");
        var container = cluster.Record!.Spec.Container;
        Assert.Equal((3, TimeSpan.FromSeconds(5)), (container.Health!.Retries, container.Health.Interval));
        Assert.Equal([new PortMapping(82)], container.Ports);
        cluster.Set("""{"health":null}""");
        Assert.Null(cluster.Record.Spec.Container.Health);
    }

    [Fact]
    public void A_service_exists_once_and_not_at_all_before_and_after()
    {
        var cluster = new CalmCluster("a");
        Assert.Equal(ServiceOutcome.Unknown, cluster.Ask(new RestartInstances()).Outcome);
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1" } });
        Assert.Equal(ServiceOutcome.Exists, cluster.Ask(new CreateService(new() { Container = new() { Image = "web:1" } })).Outcome);
        Assert.Equal(ServiceOutcome.Invalid,
            ServiceChanges.Apply(null, "Web", new CreateService(new ServiceSpec { Container = new() { Image = "web:1" } }),
            CalmCluster.Start).Outcome);
    }

    [Fact]
    public void What_does_not_fit_the_moment_is_a_conflict_in_words()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1" } });
        cluster.Settle();
        var answers = new ServiceChange[] { new PauseRollout(), new ResumeRollout(), new RollBack(), new RollBack(1), new RollBack(9) }
            .Select(c => cluster.Ask(c)).Select(r => $"{r.Outcome}: {r.Problems[0].Reason}");
        Assert.Equal(
            ["Conflict: no rollout is under way", "Conflict: no rollout is under way", "Conflict: there is no revision before 1",
                "Conflict: revision 1 is in force already", "Conflict: revision 9 is not kept; kept are 1"],
            answers);
        Assert.Equal(ServiceOutcome.Invalid, cluster.Ask(new UpdateService(new() { ["mode"] = "global" })).Outcome);
    }

    [Fact]
    public void Nobody_returns_into_an_earlier_life_of_the_name()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1" } });
        cluster.Settle();
        cluster.Change(new WithdrawService());
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:2" } });
        Assert.Equal("there is no revision before 2", cluster.Ask(new RollBack()).Problems[0].Reason);
        Assert.Equal("revision 1 is not kept; kept are 2", cluster.Ask(new RollBack(1)).Problems[0].Reason);
        cluster.Settle();
        Assert.Equal(["web-1-r2-a1 on a"], cluster.Live);
    }

    [Fact]
    public void Ten_revisions_are_kept_with_who_when_and_why()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1" }, Update = new UpdatePolicy { Monitor = TimeSpan.Zero } });
        for (var i = 2; i <= 15; i++)
        {
            cluster.Change(new UpdateService(new() { ["image"] = $"web:{i}" }) { Who = "ann", Why = $"release {i}" });
            cluster.Settle();
        }

        Assert.Equal(Enumerable.Range(6, 10), cluster.Record!.Revisions.Select(r => r.Number));
        var last = Explanation.History(cluster.Record).Revisions[^1];
        Assert.Equal((15, true, "ann", "release 15", "web:15"), (last.Number, last.InForce, last.Who, last.Why, last.Spec.Container.Image));
        Assert.True(cluster.Record.History.Count <= ServiceRecord.KeptHistory);
    }

    [Fact]
    public void History_tells_what_happened_and_is_bounded()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1" } });
        cluster.Settle();
        for (var i = 0; i < 400; i++)
        {
            cluster.Set($$"""{"labels":{"n":"{{i}}"} }""");
            cluster.Settle();
        }

        Assert.Equal(ServiceRecord.KeptHistory, cluster.Record!.History.Count);
        Assert.Equal("changed labels", cluster.Record.History[^1].What);
    }

    [Fact]
    public void Five_thousand_instances_fit_well_into_the_store()
    {
        Worlds.SkipSizeWhenFew();
        var cluster = new CalmCluster([.. Enumerable.Range(0, 50).Select(i => $"worker-{i}")]);
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 5000 });
        cluster.Decide();
        var json = JsonSerializer.SerializeToUtf8Bytes(cluster.Record, ContractsJson.Options);
        Assert.InRange(json.Length, 100_000, 2 << 20);
        Assert.Equal(cluster.Record, JsonSerializer.Deserialize<ServiceRecord>(json, ContractsJson.Options));
    }
}
