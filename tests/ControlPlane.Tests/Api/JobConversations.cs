using Orchestrator.Contracts.Instances;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>What is told of a job, and how it is run again.</summary>
public sealed class JobConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_job_tells_how_far_it_is()
    {
        await api.Renew("a");
        const string Three = """{"image":"job:1","mode":"job","completions":3,"parallelism":2}""";
        Assert.Equal(201, (await api.Ask("POST /services/web", Three)).Status);
        await api.CarryOut();
        await End("web-1-r1-n1-a1", 0);
        var job = await api.Ask("GET /services/web");
        Assert.Equal(
            ("completed 1/3", "1 running 1"),
            ($"{job["job"]["progress"]}", OfJob(job, "runs", "number", "state", "completed").Single()));
        Assert.Equal(["web-2-r1-n1-a1 1", "web-3-r1-n1-a1 1"], job.Each("instances", "name", "run"));
        var line = (await api.Ask("GET /services")).Each("services", "name", "progress", "wanted");
        Assert.Equal(["web completed 1/3 2"], line);

        await api.CarryOut();
        await End("web-2-r1-n1-a1", 0);
        await End("web-3-r1-n1-a1", 0);
        job = await api.Ask("GET /services/web");
        Assert.Equal(("completed", "completed 3/3"), ($"{job["state"]}", $"{job["job"]["progress"]}"));
        Assert.Equal(["web"], (await api.Ask("GET /services?state=completed")).Each("services", "name"));
    }

    [Fact]
    public async Task A_job_that_failed_says_why_with_what_it_wrote_last()
    {
        await api.Renew("a");
        await api.Ask("POST /services/web", """{"image":"job:1","mode":"job","attempts":1}""");
        await api.CarryOut();
        await End("web-1-r1-n1-a1", 4, "exit code 4: no database");
        var job = await api.Ask("GET /services/web");
        Assert.Equal("failed", $"{job["state"]}");
        Assert.Equal(
            "completed 0/1; run 1 has failed: slot 1 failed once: exit code 4: no database, last on a", $"{job["job"]["progress"]}");
        Assert.Equal(["web-1-r1-n1-a1 4 exit code 4: no database"], OfJob(job, "ended", "name", "exitCode", "message"));
    }

    [Fact]
    public async Task A_job_is_run_again_but_not_while_it_runs()
    {
        await api.Renew("a");
        await api.Ask("POST /services/web", """{"image":"job:1","mode":"job"}""");
        Assert.Equal("409 run 1 still goes on, 0/1 completed, and overlap is forbid", (await api.Ask("POST /services/web/run")).Words);
        await api.CarryOut();
        await End("web-1-r1-n1-a1", 0);
        var before = await api.Ask("GET /services/web");
        var dry = await api.Ask("POST /services/web/run?dryRun=true");
        var steps = dry.Each("steps", "kind", "instance").Where(it => !it.StartsWith("forget", StringComparison.Ordinal));
        Assert.Equal(["job ", "run web-1-r1-n2-a1"], steps);
        var again = await api.Ask("POST /services/web/run?why=once+more");
        Assert.Equal((200, "asked for by unknown: once more"), (again.Status, $"{again["job"]["runs"]![0]!["why"]}"));
        // What is wished is what it was.
        Assert.Equal(before.Headers.ETag, again.Headers.ETag);
        var history = await api.Ask("GET /services/web/history");
        Assert.Contains("run 2 begins: asked for by unknown: once more", history.Each("events", "what"));
        Assert.Equal("409 agent is no job: only what has mode job is run", await RunOf("agent"));
        Assert.Equal(404, (await api.Ask("POST /services/nobody/run")).Status);
    }

    [Fact]
    public async Task A_request_that_is_repeated_begins_one_run()
    {
        await api.Renew("a");
        await api.Ask("POST /services/web", """{"image":"job:1","mode":"job","overlap":"allow"}""");
        for (var times = 0; times < 3; times++)
            Assert.Equal(200, (await api.Ask("POST /services/web/run", null, ("X-Request-Id", "nightly-7"))).Status);
        Assert.Equal(["2", "1"], OfJob(await api.Ask("GET /services/web"), "runs", "number"));
    }

    [Fact]
    public async Task A_schedule_tells_when_it_runs_next_and_is_paused_and_resumed()
    {
        await api.Renew("a");
        var created = await api.Ask("POST /services/web", """{"image":"job:1","mode":"job","schedule":"0 3 * * *"}""");
        Assert.Equal(
            ("scheduled", "2026-01-02T03:00:00+00:00"), ($"{created["state"]}", $"{created["job"]["schedule"]!["next"]}"));
        var paused = await api.Ask("POST /services/web/pause?why=holidays");
        Assert.Equal(("by unknown: holidays", null), ($"{paused["job"]["schedule"]!["paused"]}", paused["job"]["schedule"]!["next"]));
        Assert.Equal(200, (await api.Ask("POST /services/web/resume")).Status);
        Assert.Equal("409 the schedule is not paused", (await api.Ask("POST /services/web/resume")).Words);
    }

    private static IEnumerable<string> OfJob(Answer service, string list, params string[] fields) =>
        service["job"][list]!.AsArray().Select(it => string.Join(' ', fields.Select(name => $"{it![name]}")));

    private async Task<string> RunOf(string service)
    {
        await api.Ask($"POST /services/{service}", """{"image":"web:1"}""");
        return (await api.Ask($"POST /services/{service}/run")).Words;
    }

    private Task End(string instance, int exitCode, string? message = null) => api.Tell("a", "web", new InstanceReport
    {
        Instance = instance, Phase = Phase.Exited, ExitCode = exitCode, Cause = EndCause.Program,
        Message = message ?? $"exit code {exitCode}",
    });
}
