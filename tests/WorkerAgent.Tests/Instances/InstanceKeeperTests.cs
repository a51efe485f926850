using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Instances;

public sealed class InstanceKeeperTests
{
    [Fact]
    public async Task An_accepted_order_becomes_a_running_container()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        Assert.Equal(["create web-1-r1-a1", "start web-1-r1-a1"], agent.Engine.Done);
        var told = agent.Control.Believes["web-1-r1-a1"];
        Assert.Equal(agent.Engine["web-1-r1-a1"]!.Id, told.ContainerId);
        Assert.Equal(agent.Engine["web-1-r1-a1"]!.Ports, told.Ports);
    }

    [Fact]
    public async Task An_order_that_comes_twice_makes_one_container()
    {
        await using var agent = await new TestAgent().Start();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => agent.Run("web-1-r1-a1"))));
        await agent.Believed("web-1-r1-a1 Running");
        await agent.Run("web-1-r1-a1");
        Assert.Equal(["create web-1-r1-a1", "start web-1-r1-a1"], agent.Engine.Done);
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_pulled()
    {
        await using var agent = await new TestAgent().Start();
        var pull = agent.Engine.Hold("pull");
        await agent.Run("web-1-r1-a1", new() { Image = "nginx:1.27" });
        await agent.Believed("web-1-r1-a1 Starting: pulling nginx:1.27");
        pull.SetResult();
        await agent.Believed("web-1-r1-a1 Running");
        Assert.Equal(["pull nginx:1.27", "create web-1-r1-a1", "start web-1-r1-a1"], agent.Engine.Done);
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_ends_the_instance_with_the_engines_words()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.PullProblem = "manifest unknown";
        await agent.Run("web-1-r1-a1", new() { Image = "nginx:nope" });
        await agent.Believed("web-1-r1-a1 Exited: cannot pull nginx:nope: manifest unknown");
        Assert.Null(agent.Control.Believes["web-1-r1-a1"].ExitCode);
    }

    [Theory]
    [InlineData("Refused", EndCause.Program)]
    [InlineData("NoSpace", EndCause.Worker)]
    [InlineData("Broken", EndCause.Worker)]
    [InlineData("PortTaken", EndCause.Worker)]
    public async Task What_the_engine_could_not_do_is_told_apart_from_what_the_program_cannot(string fault, EndCause cause)
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.StartProblem = new(Enum.Parse<EngineFault>(fault), "no");
        await agent.Run("web-1-r1-a1", new() { Image = "busybox-www:1" });
        await agent.Believed("web-1-r1-a1 Exited: cannot start busybox-www:1: no");
        Assert.Equal(cause, agent.Control.Believes["web-1-r1-a1"].Cause);
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_is_told_as_such()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.PullProblem = "manifest unknown";
        await agent.Run("web-1-r1-a1", new() { Image = "nginx:nope" });
        await agent.Believed("web-1-r1-a1 Exited: cannot pull nginx:nope: manifest unknown");
        Assert.Equal(EndCause.Image, agent.Control.Believes["web-1-r1-a1"].Cause);
    }

    [Fact]
    public async Task What_the_engine_removes_because_it_could_not_make_it_ends_with_the_engines_words()
    {
        await using var agent = await new TestAgent().Start();
        var start = agent.Engine.Hold("start");
        await agent.Run("web-1-r1-a1");
        await TestAgent.Until(() => agent.Engine["web-1-r1-a1"], made => made is not null, "the container is made");
        agent.Engine.StartProblem = new(EngineFault.Broken, "error while creating mount source path");
        agent.Engine.Vanish("web-1-r1-a1");
        start.SetResult();
        await agent.Believed("web-1-r1-a1 Exited: cannot start busybox-www:1: error while creating mount source path");
    }

    [Fact]
    public async Task A_container_that_cannot_be_started_ends_the_instance_with_the_engines_words()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.StartProblem = new(EngineFault.Refused, "Range of CPUs is from 0.01 to 2.00");
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Exited: cannot start busybox-www:1: Range of CPUs is from 0.01 to 2.00");
        agent.Engine.StartProblem = null;
        await agent.Run("web-1-r1-a1");
        await agent.Forget("web-1-r1-a1");
        await agent.Believed();
        Assert.Null(agent.Engine["web-1-r1-a1"]);
    }

    [Theory]
    [InlineData("pull")]
    [InlineData("create")]
    [InlineData("start")]
    public async Task A_stop_interrupts_a_start(string during)
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.Hold(during);
        await agent.Run("web-1-r1-a1", new() { Image = during == "pull" ? "nginx" : "busybox-www:1" });
        await TestAgent.Until(() => agent.Engine.Done.LastOrDefault() ?? "", last =>
            last.StartsWith(during, StringComparison.Ordinal), $"the {during} hangs");
        await agent.Stop("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Exited: stopped before it ran: surplus");
        Assert.Empty(agent.Engine.Names(ContainerState.Running));
    }

    [Fact]
    public async Task A_start_that_the_engine_goes_on_with_after_it_was_interrupted_leaves_nothing_running()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.GoesOnAlone = true;
        var start = agent.Engine.Hold("start");
        await agent.Run("web-1-r1-a1");
        await TestAgent.Until(() => agent.Engine.Done.LastOrDefault() ?? "", last => last == "start web-1-r1-a1", "the start hangs");
        var starting = agent.Engine.Alone;
        await agent.Stop("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Exited: stopped before it ran: surplus");
        start.SetResult();
        await Record.ExceptionAsync(() => starting);
        Assert.Empty(agent.Engine.Names(ContainerState.Running));
    }

    [Fact]
    public async Task Stop_then_forget_leaves_nothing()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        await agent.Stop("web-1-r1-a1", grace: 7);
        await agent.Believed("web-1-r1-a1 Exited: surplus");
        await agent.Forget("web-1-r1-a1", withdrawn: true);
        await agent.Believed();
        Assert.Equal(["create web-1-r1-a1", "start web-1-r1-a1", "stop web-1-r1-a1 within 7 s", "remove web-1-r1-a1"], agent.Engine.Done);
        Assert.Contains(agent.Control.Reports, r => r.Gone.Contains("web-1-r1-a1"));
        Assert.Empty(agent.Book.All());
    }

    [Fact]
    public async Task Stopping_is_reported_while_it_lasts()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Stubborn = true;
        await agent.Stop("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Stopping: surplus");
        Assert.Equal(Phase.Stopping, agent.Control.Believes["web-1-r1-a1"].Phase);
        await agent.PassTime(TimeSpan.FromSeconds(1), () =>
            agent.Control.Believes["web-1-r1-a1"].ExitCode == 137, "it is killed when the grace is over");
    }

    [Fact]
    public async Task An_instance_that_is_to_end_goes_on_serving_for_a_while()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        await agent.Stop("web-1-r1-a1", delay: 60);
        await agent.Believed("web-1-r1-a1 Stopping: surplus");
        agent.Clock.Advance(TimeSpan.FromSeconds(59));
        await agent.Stop("web-1-r1-a1", delay: 60);
        await agent.Forget("web-1-r1-a1");
        Assert.Equal(["web-1-r1-a1"], agent.Engine.Names(ContainerState.Running));
        await agent.PassTime(TimeSpan.FromMilliseconds(500), () => agent.Engine.Names(ContainerState.Running).Count == 0, "it is stopped");
        Assert.InRange(agent.Engine["web-1-r1-a1"]!.EndedAt!.Value - agent.Engine["web-1-r1-a1"]!.StartedAt!.Value,
            TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(62));
    }

    [Fact]
    public async Task A_less_patient_order_to_stop_counts()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        await agent.Stop("web-1-r1-a1", delay: 3600);
        await agent.Believed("web-1-r1-a1 Stopping: surplus");
        await agent.Stop("web-1-r1-a1", delay: 0, grace: 2);
        await agent.Believed("web-1-r1-a1 Exited: surplus");
        Assert.Contains("stop web-1-r1-a1 within 2 s", agent.Engine.Done);
    }

    [Fact]
    public async Task What_the_worker_does_not_have_is_reported_as_gone()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Stop("web-1-r1-a1");
        await TestAgent.Until(() => agent.Control.Reports.ToValueList(), r =>
            r.Any(x => x.Gone.Contains("web-1-r1-a1") && !x.Complete), "reported as gone");
        Assert.Empty(agent.Engine.Done);
    }

    [Fact]
    public async Task An_instance_that_has_ended_is_not_started_again_but_reported_again()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Die("web-1-r1-a1", 0);
        await agent.Believed("web-1-r1-a1 Exited: exit code 0");
        var told = agent.Control.Reports.Count;
        Assert.True((await agent.Run("web-1-r1-a1")).Accepted);
        await TestAgent.Until(() => agent.Control.Reports.Count, count => count > told, "it is reported again");
        Assert.Single(agent.Engine.Done, d => d.StartsWith("start", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_death_is_reported_with_the_last_words()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.LastWords = "no space left on device";
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Die("web-1-r1-a1", 1);
        await agent.Believed("web-1-r1-a1 Exited: exit code 1: no space left on device");
        Assert.DoesNotContain(agent.Control.Reports, r => r.Instances.Any(i => i.Message == "exit code 1"));
    }

    [Theory]
    [InlineData(0, "exit code 0")]
    [InlineData(3, "exit code 3: 17 rows")]
    public async Task The_end_of_a_jobs_instance_is_reported_with_what_it_wrote_last_also_when_it_is_a_good_end(
        int exitCode, string message)
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.LastWords = "17 rows";
        await agent.Run("web-1-r1-n2-a1");
        await agent.Believed("web-1-r1-n2-a1 Running");
        agent.Engine.Die("web-1-r1-n2-a1", exitCode);
        await agent.Believed($"web-1-r1-n2-a1 Exited: {message}");
        Assert.Equal("17 rows", Assert.Single(agent.Control.Reports.Last().Instances.Single().LastLines!));
    }

    [Fact]
    public async Task But_a_death_does_not_wait_long_for_words()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.LastWords = "late words";
        var log = agent.Engine.Hold("log");
        agent.Engine.Die("web-1-r1-a1", 1);
        await agent.PassTime(TimeSpan.FromMilliseconds(50), () =>
            agent.Control.Summary.SequenceEqual(["web-1-r1-a1 Exited: exit code 1"]), "told without words");
        log.SetResult();
        await agent.Believed("web-1-r1-a1 Exited: exit code 1: late words");
    }

    [Fact]
    public async Task A_killed_one_had_no_time_for_words()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Hold("log");
        agent.Engine.Die("web-1-r1-a1", 137);
        await agent.Believed("web-1-r1-a1 Exited: exit code 137");
    }

    [Fact]
    public async Task A_container_removed_by_somebody_else_has_ended()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Vanish("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Exited: its container was removed by somebody else");
    }

    [Fact]
    public async Task Health_is_reported_as_the_engine_tells_it()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1", new() { Image = "busybox-www:1", Health = new() { Command = ["/check"] } });
        await agent.Believed("web-1-r1-a1 Running");
        Assert.Equal(InstanceHealth.Starting, agent.Control.Believes["web-1-r1-a1"].Health);
        agent.Engine.Health("web-1-r1-a1", InstanceHealth.Unhealthy);
        await TestAgent.Until(() => agent.Control.Believes["web-1-r1-a1"].Health, h =>
            h == InstanceHealth.Unhealthy, "unhealthy is reported");
    }

    [Fact]
    public async Task Starts_and_removals_are_bounded()
    {
        await using var agent = await new TestAgent(options: new() { Name = "worker-a", MaxStarts = 3, MaxRemovals = 2 }).Start();
        var names = Enumerable.Range(1, 20).Select(slot => $"web-{slot}-r1-a1").ToArray();
        var start = agent.Engine.Hold("start");
        foreach (var name in names) Assert.True((await agent.Run(name)).Accepted);
        await TestAgent.Until(() => agent.Engine.MostInside, most => most == 3, "three starts are inside");
        start.SetResult();
        await TestAgent.Until(() => agent.Engine.Names(ContainerState.Running).Count, count => count == 20, "all run");
        Assert.Equal(3, agent.Engine.MostInside);
    }

    [Fact]
    public async Task A_name_taken_by_a_stranger_is_avoided()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.Put("web-1-r1-a1", ContainerState.Running, ContainerLabels.Of("other", "worker-a"));
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        Assert.Equal(["web-1-r1-a1", "web-1-r1-a1.local.worker-a"], agent.Engine.Names(ContainerState.Running));
        await agent.Stop("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Exited: surplus");
        await agent.Forget("web-1-r1-a1");
        await agent.Believed();
        Assert.Equal(["web-1-r1-a1"], agent.Engine.Names(ContainerState.Running));
    }

    [Fact]
    public async Task A_fixed_port_that_is_just_being_freed_is_waited_for()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.StartProblem = new(EngineFault.PortTaken, "port is already allocated");
        await agent.Run("web-1-r1-a1", new() { Image = "busybox-www:1", Ports = [new(80, 8080)] });
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () =>
            agent.Engine.Done.Count(d => d.StartsWith("start", StringComparison.Ordinal)) >= 3, "it tries again");
        agent.Engine.StartProblem = null;
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () => agent.Control.Summary.SequenceEqual(["web-1-r1-a1 Running"]), "it runs");
    }

    [Fact]
    public async Task An_order_accepted_before_the_engine_went_away_is_carried_out_when_it_is_back()
    {
        await using var agent = await new TestAgent().Start();
        var create = agent.Engine.Hold("create");
        await agent.Run("web-1-r1-a1");
        agent.Engine.Away = true;
        create.SetResult();
        await TestAgent.Until(() => agent.Control.Summary.ToValueList(), s =>
            s is [{ } only] && only.Contains("cannot be reached", StringComparison.Ordinal), "the problem is told");
        agent.Engine.Away = false;
        await agent.PassTime(TimeSpan.FromMilliseconds(200), () => agent.Control.Summary.SequenceEqual(["web-1-r1-a1 Running"]), "it runs");
    }

    [Fact]
    public async Task A_container_whose_creation_nobody_heard_of_is_found_by_its_name()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.Put("web-1-r1-a1", ContainerState.Created,
            new(ContainerLabels.Of("local", "worker-a").Append(new("orchestrator.instance", "web-1-r1-a1"))));
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        Assert.Equal(["web-1-r1-a1"], agent.Engine.Names(ContainerState.Running));
    }
}
