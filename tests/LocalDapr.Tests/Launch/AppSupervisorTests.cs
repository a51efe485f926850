using LocalDapr.Launch;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Testing;

namespace Orchestrator.LocalDapr_Tests.Launch;

/// <summary>Real processes, a clock that only the test moves.</summary>
public sealed class AppSupervisorTests : IAsyncDisposable
{
    private const string RunsForEver = "echo hello; sleep 1000 & wait";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new();
    private readonly FakeSidecars world = new();
    private readonly CancellationTokenSource shutdown = new();
    private Task running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await shutdown.CancelAsync();
        clock.Advance(TimeSpan.FromMinutes(1));
        await running;
        shutdown.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task An_app_that_dies_again_and_again_waits_twice_as_long_each_time()
    {
        var app = Run("exit 3", port: 1);

        foreach (var (restarts, seconds) in new[] { (1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0) })
        {
            await Become(app, s => s.State is AppState.Waiting && s.Restarts == restarts, $"death {restarts}");
            Assert.Equal($"ended with exit code 3; next start {seconds} s after that", app.Status.Detail);
            clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(AppState.Waiting, app.Status.State);
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public async Task After_a_healthy_while_earlier_deaths_are_forgiven()
    {
        folder.Write("fail", "");
        var app = Run($"if [ -e fail ]; then exit 1; fi; {RunsForEver}", port: 1);
        await Become(app, s => s.Restarts == 1 && s.State is AppState.Waiting, "the first death");
        File.Delete(folder.Path("fail"));
        clock.Advance(TimeSpan.FromSeconds(0.5));
        await Become(app, s => s.State is AppState.Healthy, "healthy");

        clock.Advance(RestartDelay.Forgiven);
        Signals.Send(app.Status.Pid!.Value, Signals.Kill);

        var died = await Become(app, s => s.State is AppState.Waiting, "the second death");
        Assert.Equal("ended by signal 9; next start 0.5 s after that", died.Detail);
    }

    [Fact]
    public async Task The_sidecar_learns_of_a_death_at_once_and_stays()
    {
        var app = Run(RunsForEver, port: 1);
        await Become(app, s => s.State is AppState.Healthy, "healthy");

        Signals.Send(app.Status.Pid!.Value, Signals.Kill);
        await Become(app, s => s.State is AppState.Waiting, "dead");

        Assert.Contains("sidecar of web told of the end", world.Events);
        Assert.DoesNotContain("sidecar of web gone", world.Events);
    }

    [Fact]
    public async Task A_sidecar_that_is_shut_down_comes_back_on_its_ports_and_the_app_goes_on()
    {
        var app = Run(RunsForEver, port: 1);
        var before = await Become(app, s => s.State is AppState.Healthy, "healthy");

        foreach (var (count, seconds) in new[] { (2, 0.5), (3, 1.0) })
        {
            world.ShutDown();
            await Said($"web: its sidecar ended; starting it again in {seconds} s");
            clock.Advance(TimeSpan.FromSeconds(seconds));
            await Eventually.Become(
                () => world.Events.Count(e => e == "sidecar of web added"), added => added == count, Soon, $"sidecar {count}",
                TestContext.Current.CancellationToken);
        }

        Assert.Equal(
            (before.Pid, before.DaprHttpPort, before.DaprGrpcPort, 0),
            (app.Status.Pid, app.Status.DaprHttpPort, app.Status.DaprGrpcPort, app.Status.Restarts));
    }

    [Fact]
    public async Task A_sidecar_that_ended_while_its_app_was_dead_comes_back_with_it()
    {
        var app = Run("exit 3", port: 1);
        await Become(app, s => s is { State: AppState.Waiting, Restarts: 1 }, "the first death");
        world.ShutDown();

        clock.Advance(TimeSpan.FromSeconds(0.5));
        await Become(app, s => s is { State: AppState.Waiting, Restarts: 2 }, "the second death");

        Assert.Equal(2, world.Events.Count(e => e == "sidecar of web added"));
    }

    [Fact]
    public async Task A_stopped_app_stays_down_with_its_sidecar_until_it_is_started()
    {
        var app = Run("trap 'echo goodbye; exit 0' TERM; " + RunsForEver, port: 1);
        await Become(app, s => s.State is AppState.Healthy, "healthy");
        await Said("web | hello");

        await app.StopAsync(kill: false, TestContext.Current.CancellationToken);

        Assert.Equal((AppState.Stopped, null, 0), (app.Status.State, app.Status.Pid, app.Status.Restarts));
        Assert.Equal(
            ["web | goodbye", "sidecar of web told of the end", "web: stopped", "sidecar of web gone"],
            world.Events.SkipWhile(e => e != "web | goodbye"));

        app.Start();
        await app.UntilReadyAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Soon, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(2, world.Events.Count(e => e == "sidecar of web added"));
    }

    [Fact]
    public async Task An_app_that_ignores_the_request_to_end_is_killed_after_the_grace()
    {
        var app = Run("trap '' TERM; " + RunsForEver, port: 1);
        await Said("web | hello");

        var stopping = app.StopAsync(kill: false, TestContext.Current.CancellationToken);
        await Become(app, s => s.State is AppState.Stopping, "asked to end");
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(stopping.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        await stopping.WaitAsync(Soon, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Contains("web: did not end within 10 s, killed", world.Events);
    }

    [Fact]
    public async Task A_stop_can_be_hardened_while_it_is_under_way()
    {
        var app = Run("trap '' TERM; " + RunsForEver, port: 1);
        await Said("web | hello");
        var gentle = app.StopAsync(kill: false, TestContext.Current.CancellationToken);
        await Become(app, s => s.State is AppState.Stopping, "asked to end");

        await app.StopAsync(kill: true, TestContext.Current.CancellationToken)
            .WaitAsync(Soon, TimeProvider.System, TestContext.Current.CancellationToken);

        await gentle.WaitAsync(Soon, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_the_command_started_ends_with_it()
    {
        var app = Run($"sh -c '{RunsForEver}' & echo $! > child; wait", port: 1);
        var child = await Eventually.Become(
            () => File.ReadAllText(folder.Path("child")).Trim(), text =>
                text.Length > 0, Soon, "a child of the command", TestContext.Current.CancellationToken);
        await Said("web | hello");

        await app.StopAsync(kill: true, TestContext.Current.CancellationToken);

        await Eventually.Become(() => IsAlive(child), alive => !alive, Soon, "the child gone", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_shutdown_lets_the_app_say_goodbye_while_its_sidecar_is_still_there()
    {
        var app = Run("trap 'echo goodbye; exit 0' TERM; " + RunsForEver, port: 1);
        await Said("web | hello");

        await shutdown.CancelAsync();
        await running.WaitAsync(Soon, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Contains("web | goodbye", world.Events);
        Assert.DoesNotContain("sidecar of web gone", world.Events);
        Assert.Null(app.Status.Pid);
    }

    [Fact]
    public async Task A_start_does_not_wait_for_the_delay_of_an_earlier_death()
    {
        folder.Write("fail", "");
        var app = Run($"if [ -e fail ]; then exit 1; fi; {RunsForEver}", port: 1);
        await Become(app, s => s.State is AppState.Waiting, "dead");
        File.Delete(folder.Path("fail"));

        app.Start();

        await Become(app, s => s.State is AppState.Healthy, "healthy without any time passing");
    }

    [Fact]
    public async Task A_job_without_a_port_that_ends_well_is_finished()
    {
        var app = Run("exit 0", port: 0);

        await Become(app, s => s.State is AppState.Finished, "finished");
        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal((AppState.Finished, 0), (app.Status.State, app.Status.Restarts));
    }

    [Fact]
    public async Task A_service_that_ends_well_is_brought_back_all_the_same()
    {
        var app = Run("exit 0", port: 1);

        await Become(app, s => s.State is AppState.Waiting, "waiting for its next start");
    }

    [Fact]
    public async Task A_command_that_does_not_exist_is_named_and_tried_again()
    {
        var app = Start(["no-such-program-anywhere"], port: 1);

        var status = await Become(app, s => s.State is AppState.Waiting, "waiting");

        Assert.Equal("the command 'no-such-program-anywhere' is not on the PATH; next start 0.5 s after that", status.Detail);
    }

    [Fact]
    public async Task An_unhealthy_app_is_shown_with_the_reason_and_left_running()
    {
        var app = Run(RunsForEver, port: 1);
        await Become(app, s => s.State is AppState.Healthy, "healthy");
        var pid = app.Status.Pid;

        world.Healthy = false;
        clock.Advance(TimeSpan.FromSeconds(1));

        var status = await Become(app, s => s.State is AppState.Unhealthy, "unhealthy");
        Assert.Equal(("told to", pid), (status.Detail, status.Pid));
    }

    private AppSupervisor Run(string script, int port) => Start(["sh", "-c", script], port);

    private AppSupervisor Start(string[] command, int port)
    {
        var app = new RunFileApp
        {
            Name = "web", AppId = "web", Line = 1, AppDirPath = folder.FullPath, Command = command, AppPort = port,
        };
        var supervisor = new AppSupervisor(app, world, new Dictionary<string, string>(), world, clock);
        running = supervisor.RunAsync(shutdown.Token);
        return supervisor;
    }

    private static Task<AppStatus> Become(AppSupervisor app, Func<AppStatus, bool> condition, string what) =>
        Eventually.Become(() => app.Status, condition, Soon, what, TestContext.Current.CancellationToken);

    private Task<IReadOnlyList<string>> Said(string line) =>
        Eventually.Become(() => world.Events, events => events.Contains(line), Soon, $"'{line}'", TestContext.Current.CancellationToken);

    private static bool IsAlive(string pid) =>
        // A child that was adopted by a process which does not reap it stays as a zombie.
        File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z", StringComparison.Ordinal);
}
