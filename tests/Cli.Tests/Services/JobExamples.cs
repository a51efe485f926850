using System.Net;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Tests.Services;

/// <summary>What runs to its end.</summary>
public sealed class JobExamples : IDisposable
{
    private readonly Orc orc = new();

    public void Dispose() => orc.Dispose();

    [Fact]
    public async Task What_has_a_schedule_is_a_job()
    {
        orc.Api.On("POST /services/backup", Job(null), HttpStatusCode.Created);
        await orc.Run("run", "backup:1", "--schedule", "0 3 * * *", "--time-zone", "Europe/Berlin", "--overlap", "replace", "--attempts",
            "2");
        foreach (var part in new[] { "\"mode\":\"job\"", "\"schedule\":\"0 3 * * *\"", "\"timeZone\":\"Europe/Berlin\"",
            "\"overlap\":\"replace\"", "\"attempts\":2" })
            Assert.Contains(part, orc.Api.Asked.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_for_a_run_is_told_what_came_of_it()
    {
        orc.Api.On("POST /services/backup/run", Job(RunState.Running))
            .OnEach("GET /services/backup", Job(RunState.Running), Job(RunState.Completed));
        var ran = await orc.Run("job", "run", "backup", "--wait");
        Assert.Equal(
            (0, "✓ backup: run 2 has completed\n", "backup: run 2 begins\nbackup: run 2: completed 0/1\n"), (ran.Code, ran.Out, ran.Error));

        orc.Api.OnEach("GET /services/backup", Job(RunState.Failed));
        ran = await orc.Run("job", "run", "backup", "--wait");
        Assert.Equal(1, ran.Code);
        Assert.Contains("orc: backup: run 2 has failed: slot 1 failed 3 times", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_told_with_what_ended_in_them()
    {
        orc.Api.On("GET /services/backup", Job(RunState.Failed));
        var told = (await orc.Run("job", "runs", "backup")).Out;
        Assert.Contains("2     failed      0/1", told, StringComparison.Ordinal);
        Assert.Contains("backup-1-r1-n2-a1   worker-a   3           ", told, StringComparison.Ordinal);
        Assert.Contains("no space left", told, StringComparison.Ordinal);
        Assert.Contains("Next run", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_jobs_are_listed_and_what_is_none_has_no_runs()
    {
        orc.Api.On("GET /services", Things.Services("web") is { } all ? all with
        {
            Services = [all.Services[0],
                all.Services[0] with { Name = "backup", Progress = "completed 1/1", State = ServiceState.Completed }],
        } : null!);
        Assert.Equal("backup\n", (await orc.Run("job", "ls", "-o", "name")).Out);
        orc.Api.On("GET /services/web", Things.Web(1, 1));
        Assert.Equal((4, "orc: web is no job\n→ orc ps web lists its instances\n"), (await orc.Run("job", "runs", "web")) is var ran
            ? (ran.Code, ran.Error) : default);
    }

    private static ServiceView Job(RunState? newest) => Things.Web(0, 1) with
    {
        Name = "backup", State = ServiceState.Running, Job = new()
        {
            Progress = "completed 0/1", Schedule = new() { Next = Things.Start.AddHours(3) },
            Runs = newest is not { } state ? [] :
            [
                new()
                {
                    Number = 2, Revision = 1, Completions = 1, State = state, StartedAt = Things.Start, Why = "ann asked",
                    Reason = state == RunState.Failed ? "slot 1 failed 3 times" : null,
                },
                new() { Number = 1, Revision = 1, Completions = 1, Completed = 1, State = RunState.Completed, StartedAt = Things.Start },
            ],
            Ended = newest != RunState.Failed ? [] :
            [
                new() { Name = "backup-1-r1-n2-a1", Slot = 1, Run = 2, Worker = "worker-a", ExitCode = 3, EndedAt = Things.Start,
                    LastLines = ["no space left"] },
            ],
        },
    };
}
