using System.Text.Json;
using LocalDapr.Launch;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Orchestrator.Testing;

namespace Orchestrator.LocalDapr_Tests.Launch;

/// <summary>The LocalDapr program as a user starts it, with apps that are shell scripts.</summary>
public sealed class LaunchTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder folder = new();

    private string Data => folder.Path("data");

    public async ValueTask DisposeAsync()
    {
        await RunningProgram.RunAsync(Repository.LocalDapr, "down", "--kill", "--folder", Data);
        folder.Dispose();
    }

    [Fact]
    public async Task A_run_says_what_happens_and_ends_on_a_signal_with_goodbyes()
    {
        WriteRunFile();
        await using var run = Run();
        await Said(run, "all well");

        run.Signal(Signals.Terminate);

        Assert.Equal(0, await run.EndAsync());
        // What they write while all start and end is in their logs: when "hello" comes late through its pipe, all may have started.
        Assert.Equal(
            ["all well", "all gone", "one: healthy", "one: starting", "one: stopped", "stopping", "two: healthy",
                "two: starting", "two: stopped"],
            run.Lines.Select(Squeezed)
                .Where(line => !line.StartsWith("localdapr", StringComparison.Ordinal) && !line.Contains("hello", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).OrderBy(line => line != "all well"));
        Assert.Equal((0, "hello from one\ngoodbye from one"), await Ask("logs", "one"));
    }

    [Fact]
    public async Task What_an_app_wrote_before_it_failed_is_shown_with_its_failure()
    {
        folder.Write("app.sh", "echo cannot open the book; exit 3");
        folder.Write("dapr.yaml", "version: 1\napps:\n- { appID: one, appDirPath: ., command: [sh, app.sh] }");
        await using var run = Run();
        await Said(run, "one: ended with exit code 3; starting again in 0.5 s");

        Assert.Equal(
            ["one | cannot open the book", "one: ended with exit code 3; starting again in 0.5 s"],
            run.Lines.Select(Squeezed).Where(line => line is not ("one: starting" or "one: healthy" or "all well")).Take(2));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1000001")]
    public async Task A_number_of_lines_that_is_none_is_refused_in_a_sentence(string lines) =>
        Assert.Equal(
            (2, $"--lines is a whole number from 0 to 1000000, not '{lines}'"), await Ask("logs", "one", "-n", lines));

    [Fact]
    public async Task Apps_can_be_stopped_started_and_listed_from_elsewhere()
    {
        WriteRunFile();
        await using var run = Run();
        await Said(run, "all well");

        Assert.Equal((0, "two: stopped"), await Ask("stop", "two"));
        Assert.Equal(["one Healthy", "two Stopped"], await States());
        Assert.Equal((0, "two: healthy"), await Ask("start", "two"));
        Assert.Equal(["one Healthy", "two Healthy"], await States());
        Assert.Equal((0, "two: stopped"), await Ask("stop", "two", "--kill"));
        Assert.Equal((1, "there is no app 'three'; there are one, two"), await Ask("stop", "three"));
        Assert.Contains("one", (await Ask("status")).Said);

        Assert.Equal((0, "stopped"), await Ask("down"));
        Assert.Equal(0, await run.EndAsync());
    }

    [Fact]
    public async Task Who_asked_for_the_end_of_an_app_is_answered_although_everything_ends()
    {
        folder.Write("app.sh", "trap '' TERM; while :; do sleep 1; done");
        folder.Write("dapr.yaml", "version: 1\napps:\n- { appID: one, appDirPath: ., command: [sh, app.sh] }");
        await using var run = Run();
        await Said(run, "all well");

        var stopping = Ask("stop", "one");
        await Eventually.Become(
            async () => (await StatusAsync()).Apps[0].State, state => state == AppState.Stopping, Soon, "one is told to stop",
            TestContext.Current.CancellationToken);
        Assert.Equal((0, "stopped"), await Ask("down", "--kill"));

        Assert.Equal((0, "one: stopped"), await stopping);
    }

    [Fact]
    public async Task A_run_that_ends_before_it_has_answered_has_ended_as_it_was_asked()
    {
        Directory.CreateDirectory(Data);
        var data = new RunFolder(Data);
        using var taken = data.TryTake();
        await using var one = RunningProgram.Start("sleep", "1000");
        await using var run = await AnswerOnAsync(data.SocketPath, async call =>
        {
            if (call.Request.Path == "/status")
            {
                await call.Response.WriteAsJsonAsync(new RunStatus("dapr.yaml", Data, one.Pid, []), ControlJson.Default.RunStatus);
                return;
            }

            one.Signal(Signals.Kill);
            await one.EndAsync();
            call.Abort();
        });

        Assert.Equal((1, $"the one that ran on {Data} ended before it answered"), await Ask("stop", "one"));
        Assert.Equal((0, "stopped"), await Ask("down"));
    }

    [Fact]
    public async Task A_killed_app_comes_back()
    {
        WriteRunFile();
        await using var run = Run();
        await Said(run, "all well");
        var before = (await StatusAsync()).Apps[0];

        Signals.Send(before.Pid!.Value, Signals.Kill);

        var after = await Eventually.Become(
            async () => (await StatusAsync()).Apps[0], app => app is { State: AppState.Healthy, Restarts: 1 }, Soon, "one brought back",
            TestContext.Current.CancellationToken);
        Assert.NotEqual(before.Pid, after.Pid);
    }

    [Fact]
    public async Task A_sidecar_that_is_told_to_shut_down_comes_back()
    {
        WriteRunFile();
        await using var run = Run();
        await Said(run, "all well");
        var before = (await StatusAsync()).Apps[0];
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{before.DaprHttpPort}") };

        await http.PostAsync("/v1.0/shutdown", null, TestContext.Current.CancellationToken);

        await Said(run, "one: its sidecar ended; starting it again in 0.5 s");
        await Eventually.Become(
            async () => (int)(await http.GetAsync("/v1.0/healthz", TestContext.Current.CancellationToken)).StatusCode,
            status => status == 204, Soon, "the sidecar is back on its port", TestContext.Current.CancellationToken);
        Assert.Equal(before.Pid, (await StatusAsync()).Apps[0].Pid);
    }

    [Fact]
    public async Task A_second_run_on_a_folder_says_that_one_is_running()
    {
        WriteRunFile();
        await using var run = Run();
        await Said(run, "all well");

        var (exitCode, said) = await RunningProgram.RunAsync(Repository.LocalDapr, "run", "-f", folder.FullPath, "--folder", Data);

        Assert.Equal((1, $"one is already running on {Data} (process {run.Pid}); end it first, or choose another folder"),
            (exitCode, said));
    }

    [Fact]
    public async Task A_detached_run_returns_when_it_is_ready_and_goes_on()
    {
        WriteRunFile();

        var (exitCode, said) = await RunningProgram.RunAsync(
            Repository.LocalDapr, "run", "--detach", "-f", folder.FullPath, "--folder", Data, "--ready-message", "all well");

        Assert.Equal((0, "all well"), (exitCode, said.Split('\n')[^1]));
        Assert.Equal(["one Healthy", "two Healthy"], await States());
        await Eventually.Become(
            () => Ask("logs", "one"), answer => answer == (0, "hello from one"), Soon, "the log", TestContext.Current.CancellationToken);
        Assert.Equal((0, "stopped"), await Ask("down"));
    }

    [Fact]
    public async Task A_detached_run_that_is_killed_is_started_again_until_it_is_told_to_end()
    {
        WriteRunFile();
        await RunningProgram.RunAsync(Repository.LocalDapr, "run", "--detach", "-f", folder.FullPath, "--folder", Data);
        var first = (await StatusAsync()).Pid;

        Signals.Send(first, Signals.Kill);

        var (_, again) = await Eventually.Become(
            () => Ask("status", "--json"), answer => answer.ExitCode == 0 && !answer.Said.Contains($":{first},", StringComparison.Ordinal)
                && answer.Said.Split("Healthy").Length == 3, TimeSpan.FromSeconds(30), "it runs again",
                    TestContext.Current.CancellationToken);
        Assert.DoesNotContain($"{first}", again, StringComparison.Ordinal);
        Assert.Equal((0, "stopped"), await Ask("down"));
        Assert.False(File.Exists(Path.Combine(Data, "localdapr.keeper")));
        Assert.Equal((0, $"nothing is running on {Data}"), await Ask("down"));
    }

    [Fact]
    public async Task A_detached_run_that_cannot_start_says_why()
    {
        folder.Write("dapr.yaml", "version: 1\napps:\n- appPort: 80");

        var (exitCode, said) = await RunningProgram.RunAsync(
            Repository.LocalDapr, "run", "--detach", "-f", folder.FullPath, "--folder", Data);

        Assert.Equal((2, $"{folder.FullPath}/dapr.yaml:3: apps[0]: appDirPath: is required"), (exitCode, said));
    }

    [Fact]
    public async Task The_apps_of_a_run_that_was_killed_are_ended_by_the_next()
    {
        WriteRunFile();
        List<int> orphans;
        await using (var killed = Run())
        {
            await Said(killed, "all well");
            orphans = [.. (await StatusAsync()).Apps.Select(app => app.Pid!.Value)];
            killed.Signal(Signals.Kill);
            await killed.EndAsync();
        }

        Assert.All(orphans, pid => Assert.True(Directory.Exists($"/proc/{pid}")));
        await using var next = Run();
        await Said(next, "all well");

        Assert.Contains(next.Lines, line => line.StartsWith("ended ", StringComparison.Ordinal));
        Assert.DoesNotContain((await StatusAsync()).Apps, app => orphans.Contains(app.Pid!.Value));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_before_anything_starts()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        folder.Write("dapr.yaml", $"version: 1\napps:\n- {{ appID: web, appDirPath: ., appPort: {port}, command: [sh, -c, sleep 1000] }}");

        var (exitCode, said) = await RunningProgram.RunAsync(Repository.LocalDapr, "run", "-f", folder.FullPath, "--folder", Data);

        Assert.Equal(
            (2, $"web: appPort {port} is in use by another program; end that one or choose another port"), (exitCode, said));
    }

    [Fact]
    public async Task A_component_that_cannot_be_served_is_named_with_its_file()
    {
        var component = folder.Write(
            "components/mail.yaml",
            """
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: { name: mail }
            spec: { type: bindings.smtp, version: v1 }
            """);
        folder.Write("dapr.yaml",
            "version: 1\ncommon: { resourcesPaths: [components] }\napps:\n- { appID: one, appDirPath: ., command: [sleep, \"1000\"] }");

        var (exitCode, said) = await RunningProgram.RunAsync(Repository.LocalDapr, "run", "-f", folder.FullPath, "--folder", Data);

        Assert.Equal(2, exitCode);
        Assert.StartsWith(component, said);
        Assert.Contains("bindings.smtp", said);
    }

    [Fact]
    public async Task Without_a_run_every_question_is_answered_with_so_much()
    {
        Assert.Equal((1, $"nothing is running on {Data}"), await Ask("status"));
        Assert.Equal((1, $"nothing is running on {Data}"), await Ask("stop", "one"));
        Assert.Equal((0, $"nothing is running on {Data}"), await Ask("down"));
        Assert.Equal((1, $"there are no logs in {Data}"), await Ask("logs", "one"));
    }

    [Fact]
    public async Task A_folder_too_deep_for_a_socket_still_works()
    {
        WriteRunFile();
        var deep = folder.Path(string.Join('/', Enumerable.Repeat("a-rather-long-name", 6)));
        await using var run = RunningProgram.Start(
            Repository.LocalDapr, "run", "-f", folder.FullPath, "--folder", deep, "--ready-message", "all well");
        await Said(run, "all well");

        Assert.Equal((0, "stopped"), await RunningProgram.RunAsync(Repository.LocalDapr, "down", "--folder", deep));
    }

    private static async Task<WebApplication> AnswerOnAsync(string socket, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket));
        var web = builder.Build();
        web.Run(answer);
        await web.StartAsync(TestContext.Current.CancellationToken);
        return web;
    }

    private void WriteRunFile()
    {
        folder.Write(
            "app.sh",
            """
            trap 'echo goodbye from $APP_ID; exit 0' TERM
            echo $GREETING from $APP_ID
            sleep 1000 & wait
            """);
        folder.Write(
            "dapr.yaml",
            """
            version: 1
            common:
              env: { GREETING: hello }
            apps:
              - { appID: one, appDirPath: ., command: [sh, app.sh] }
              - { appID: two, appDirPath: ., command: [sh, app.sh] }
            """);
    }

    private RunningProgram Run() =>
        RunningProgram.Start(
            Repository.LocalDapr, "run", "-f", folder.FullPath, "--folder", Data, "--ready-message", "all well",
            "--stopped-message", "all gone");

    private Task<(int ExitCode, string Said)> Ask(params string[] arguments) =>
        RunningProgram.RunAsync(Repository.LocalDapr, [.. arguments, "--folder", Data]);

    private async Task<RunStatus> StatusAsync()
    {
        var (_, said) = await Ask("status", "--json");
        return JsonSerializer.Deserialize(said, ControlJson.Default.RunStatus)!;
    }

    private async Task<IEnumerable<string>> States() => (await StatusAsync()).Apps.Select(app => $"{app.Name} {app.State}");

    private static Task<IReadOnlyList<string>> Said(RunningProgram program, string line) =>
        Eventually.Become(
            () => program.Lines, lines => lines.Select(Squeezed).Contains(line), Soon, $"'{line}'", TestContext.Current.CancellationToken);

    /// <summary>Without the blanks that align the columns.</summary>
    private static string Squeezed(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
