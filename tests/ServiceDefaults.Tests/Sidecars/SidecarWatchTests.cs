using Microsoft.Extensions.Time.Testing;
using Orchestrator.ServiceDefaults.Sidecars;
using Orchestrator.Testing;

namespace Orchestrator.ServiceDefaults.Tests.Sidecars;

public sealed class SidecarWatchTests : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly string file = Path.Combine(Path.GetTempPath(), $"turn-{Guid.NewGuid():N}");
    private readonly PlayedSidecar sidecar = new();
    private readonly SidecarHealth health;
    private readonly SidecarWatch watch;
    private readonly Logbook<SidecarWatch> log = new();

    public SidecarWatchTests()
    {
        health = new(clock);
        watch = new(sidecar, health, new MachineTurn(file), NoMeters.Instance, clock, () => 0.5, log);
    }

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task As_long_as_calls_are_answered_nobody_is_asked()
    {
        for (var second = 0; second < 60; second++)
        {
            health.Answered();
            await Pass(1);
        }

        Assert.Equal((0, null, null), (sidecar.Asked, health.Problem, health.Note));
    }

    [Fact]
    public async Task A_dead_one_is_said_within_seconds_and_left_to_whoever_started_it()
    {
        await Answer();
        sidecar.Illness = "connection refused";
        await Pass(3);
        Assert.Equal("the sidecar does not answer: connection refused", health.Problem);
        await Pass(60);
        Assert.Equal(0, sidecar.Ends);
        sidecar.Illness = null;
        sidecar.Reaches = true;
        await Pass(2);
        Assert.Null(health.Problem);
        Assert.Matches("^its sidecar did not answer for 6[0-9] s \\(connection refused\\), [0-9] s ago$", health.Note);
        await Pass(610);
        Assert.Null(health.Note);
    }

    [Fact]
    public async Task A_deaf_one_is_restarted_and_again_ever_later()
    {
        await Answer();
        await Pass(4);
        Assert.Equal("no call to an actor has been answered for 4 s, although the sidecar calls itself healthy", health.Problem);
        Assert.Equal(0, sidecar.Ends);
        await Pass(2);
        Assert.Equal(1, sidecar.Ends);
        await Pass(25);
        Assert.Equal(1, sidecar.Ends);
        await Pass(15);
        Assert.Equal(2, sidecar.Ends);
        await Pass(40);
        Assert.Equal(2, sidecar.Ends);
        await Pass(30);
        Assert.Equal(3, sidecar.Ends);
        Assert.StartsWith("no call to an actor", health.Note, StringComparison.Ordinal);
        await Answer();
        Assert.StartsWith("its sidecar was restarted: it had reached no actor for", health.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_reaches_anybody_is_let_alone()
    {
        await Answer();
        sidecar.Reaches = true;
        await Pass(60);
        Assert.Equal((0, null), (sidecar.Ends, health.Problem));
    }

    [Fact]
    public async Task While_another_one_of_the_machine_is_restarted_it_waits()
    {
        await Answer();
        using (new MachineTurn(file).TryTake())
        {
            await Pass(20);
            Assert.Equal(0, sidecar.Ends);
        }

        await Pass(2);
        Assert.Equal(1, sidecar.Ends);
    }

    [Fact]
    public async Task Before_anything_was_ever_answered_it_waits_longer()
    {
        await Pass(50);
        Assert.Equal((0, null), (sidecar.Ends, health.Problem));
        await Pass(15);
        Assert.Equal(1, sidecar.Ends);
    }

    [Fact]
    public async Task Time_in_which_this_process_itself_stood_still_does_not_count()
    {
        await Answer();
        var look = Look();
        clock.Advance(TimeSpan.FromMinutes(5));
        await look;
        Assert.Null(health.Problem);
    }

    private async Task Answer()
    {
        health.Answered();
        await Pass(1);
    }

    private async Task Pass(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            var look = Look();
            // A restart waits some tenths of a second for the first answer.
            for (var tenth = 0; tenth < 10 || !look.IsCompleted; tenth++)
            {
                clock.Advance(TimeSpan.FromSeconds(0.1));
                await Task.Yield();
                Assert.True(tenth < 100_000, "the look does not end");
            }

            await look;
        }
    }

    private Task Look() => watch.Look(TestContext.Current.CancellationToken);

    private sealed class PlayedSidecar : ISidecar
    {
        public string? Illness { get; set; }

        public bool Reaches { get; set; }

        public int Asked { get; private set; }

        public int Ends { get; private set; }

        public Task<string?> WhyUnhealthy(CancellationToken cancel)
        {
            Asked++;
            return Task.FromResult(Illness);
        }

        public Task ShutDown(CancellationToken cancel)
        {
            Ends++;
            return Task.CompletedTask;
        }

        public Task<bool> ReachesAnyActor(CancellationToken cancel) => Task.FromResult(Reaches);
    }
}
