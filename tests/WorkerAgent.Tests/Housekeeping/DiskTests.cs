using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Housekeeping;

/// <summary>A disk that fills up: who takes nothing new, and which images go.</summary>
public sealed class DiskTests
{
    [Fact]
    public async Task A_full_disk_is_told_before_work_fails_and_told_no_more_when_there_is_room()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.TakenByOthers = 1;
        await Problem(agent, it => it == "the disk of /var/lib/docker is full: less than 1Gi of it is free (DISK_MIN_FREE)");
        agent.Engine.TakenByOthers = 0.5;
        await Problem(agent, it => it is null);
    }

    [Fact]
    public async Task Images_that_nobody_needs_go_when_the_disk_fills_up_and_the_others_stay()
    {
        await using var agent = await new TestAgent().Start();
        foreach (var image in new[] { "web:1", "web:2", "web:3", "gone:1" })
            await agent.Run($"{image.Split(':')[0]}-1-r{image.Split(':')[1]}-a1", Of(image));
        await Here(agent, "busybox-www:1, gone:1, web:1, web:2, web:3");
        await agent.Believed(
            "gone-1-r1-a1 Running", "web-1-r1-a1 Running", "web-1-r2-a1 Running", "web-1-r3-a1 Running");
        foreach (var ended in new[] { "web-1-r1-a1", "web-1-r2-a1", "gone-1-r1-a1" }) agent.Engine.Vanish(ended);
        // The revision in force is 3, the one before is 2.
        agent.Control.Needed["web"] = ["web:2", "web:3"];
        await Pass(agent, 90);
        await Here(agent, "busybox-www:1, gone:1, web:1, web:2, web:3");

        agent.Engine.TakenByOthers = 0.45;
        await Pass(agent, 90);
        // Of five that make 0.95 two may go, and the one that was here before has not been pulled by us.
        await Here(agent, "busybox-www:1, web:2, web:3");
    }

    [Fact]
    public async Task Nothing_goes_while_a_service_does_not_say_what_it_needs()
    {
        var control = new FakeControlPlane { AwayFor = ["silent"] };
        await using var agent = await new TestAgent(control: control).Start();
        await agent.Run("web-1-r1-a1", Of("web:1"));
        await agent.Run("silent-1-r1-a1", Of("silent:1"));
        await Here(agent, "busybox-www:1, silent:1, web:1");
        agent.Engine.TakenByOthers = 0.9;
        await Pass(agent, 70);
        await Here(agent, "busybox-www:1, silent:1, web:1");
    }

    private static ContainerSpec Of(string image) => new() { Image = image, Ports = [new(80)] };

    private static Task<string> Here(TestAgent agent, string images) => TestAgent.Until(
        () => string.Join(", ", agent.Engine.ImagesHere.ToArray().Order(StringComparer.Ordinal)), seen => seen == images,
        $"here are {images}");

    private static async Task Pass(TestAgent agent, int seconds)
    {
        var until = agent.Clock.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        await agent.PassTime(TimeSpan.FromSeconds(1), () => agent.Clock.GetUtcNow() >= until, "time passes");
    }

    private static Task Problem(TestAgent agent, Func<string?, bool> condition) => agent.PassTime(
        TimeSpan.FromMilliseconds(500), () => agent.Control.Beats.LastOrDefault()?.EngineProblem, condition, "it is told");
}
