using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Instances;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Docker;

/// <summary>Pulls say how they get on, and are judged by that.</summary>
public sealed class PullTests
{
    [Fact]
    public void Its_words_are_put_together_of_its_layers()
    {
        var clock = new FakeTimeProvider();
        var course = new PullCourse(clock);
        Assert.Null(course.Words);
        course.Report(new("a", "Downloading", 10_000_000, 100_000_000));
        course.Report(new("b", "Downloading", 0, 20_000_000));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("10 of 120 MB, 5 MB/s", course.Words);
        course.Report(new("a", "Downloading", 34_000_000, 100_000_000));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("34 of 120 MB, 12 MB/s", course.Words);
        course.Report(new("a", "Download complete"));
        course.Report(new("b", "Extracting", 1, 5));
        Assert.Equal("120 MB have come, unpacking", course.Words);
    }

    [Fact]
    public void The_same_words_again_are_no_progress()
    {
        var clock = new FakeTimeProvider();
        var course = new PullCourse(clock);
        course.Report(new("a", "Waiting"));
        clock.Advance(TimeSpan.FromSeconds(50));
        course.Report(new("a", "Waiting"));
        Assert.Equal(TimeSpan.FromSeconds(50), course.Silence);
        course.Report(new("a", "Downloading", 1, 2));
        Assert.Equal(TimeSpan.Zero, course.Silence);
    }

    [Fact]
    public async Task While_it_starts_an_instance_says_how_its_pull_gets_on()
    {
        await using var agent = await new TestAgent().Start();
        var pull = agent.Engine.Hold("pull");
        await agent.Run("web-1-r1-a1", new() { Image = "nginx:1.27" });
        await TestAgent.Until(() => agent.Engine.Pulling.GetValueOrDefault("nginx:1.27"), it => it is not null, "it pulls");
        agent.Engine.Pulling["nginx:1.27"].Report(new("a", "Downloading", 34_000_000, 120_000_000));
        var said = "";
        await agent.PassTime(TimeSpan.FromMilliseconds(500), () => said = agent.Book.Find("web-1-r1-a1")?.Observed.Message ?? "",
            it => it.StartsWith("pulling nginx:1.27: 34 of 120 MB, ", StringComparison.Ordinal), "it is said");
        Assert.Equal(Phase.Starting, agent.Book.Find("web-1-r1-a1")!.Phase);
        pull.SetResult();
        await agent.Believed("web-1-r1-a1 Running");
    }

    [Fact]
    public async Task A_pull_that_is_stuck_is_begun_anew_and_given_up_at_last()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.Hold("pull");
        await agent.Run("web-1-r1-a1", new() { Image = "nginx:1.27" });
        await agent.PassTime(TimeSpan.FromSeconds(1), () => agent.Book.Find("web-1-r1-a1")?.Observed.Message ?? "",
            it => it == "cannot pull nginx:1.27: nothing has come of it for 1m, 3 times", "it is given up");
        Assert.Equal(3, agent.Engine.Done.Count(it => it == "pull nginx:1.27"));
        Assert.Equal((EndCause?)EndCause.Image, agent.Book.Find("web-1-r1-a1")!.Observed.Cause);
    }

    [Fact]
    public async Task Three_pulls_that_hang_hold_back_none_from_another_registry()
    {
        await using var agent = await new TestAgent().Start();
        for (var slot = 1; slot <= 4; slot++)
        {
            agent.Engine.Hold($"pull slow.test/app:{slot}");
            await agent.Run($"slow-{slot}-r1-a1", new() { Image = $"slow.test/app:{slot}" });
        }

        await TestAgent.Until(() => agent.Engine.Pulling.Count, it => it == 3, "three pull");
        await agent.Run("web-1-r1-a1", new() { Image = "quick.test/web:1" });
        await TestAgent.Until(() => agent.Engine.Names(ContainerState.Running).Count, it => it == 1, "the other runs");
        Assert.Equal(3, agent.Engine.Pulling.Keys.Count(it => it.StartsWith("slow.test", StringComparison.Ordinal)));
    }
}
