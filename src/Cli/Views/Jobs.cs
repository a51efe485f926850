using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Views;

internal static class Jobs
{
    public static readonly View<ServiceSummary> Lines = new(
        it => it.Name,
        new("NAME", it => it.Name), new("IMAGE", it => it.Image), new("STATE", it => new(it.State.Word(), Services.Colour(it.State))),
        new("NEWEST RUN", it => it.Progress), new("WAITS FOR", it => it.Waiting));

    /// <summary>Runs, when the next is due, and what ended in them.</summary>
    public static void Details(string name, JobView job, DateTimeOffset now, Writing to, bool isWide)
    {
        to.Pairs(
        [
            ("Job", new(name, Tone.Strong)), ("Newest run", job.Progress),
            ("Next run", job.Schedule?.Next is { } next ? $"{Words.Time(next, now)}, in {Words.Long(next - now)}" : ""),
            ("Last due", job.Schedule?.Last is { } last ? Words.Time(last, now) : ""),
            ("Held", new(job.Schedule?.Paused ?? "", Tone.Busy)), ("Problem", new(job.Schedule?.Problem ?? "", Tone.Bad)),
        ]);
        if (job.Runs.Count > 0)
        {
            to.Line();
            var runs = Runs(now);
            to.Table(runs.Titles(isWide), [.. job.Runs.Select(it => runs.Row(it, isWide))]);
        }

        if (job.Ended.Count == 0) return;
        to.Line();
        var ended = Ended(now);
        to.Table(ended.Titles(isWide), [.. job.Ended.Select(it => ended.Row(it, isWide))]);
    }

    private static View<JobRun> Runs(DateTimeOffset now) => new(
        it => $"{it.Number}",
        new("RUN", it => $"{it.Number}"), new("STATE", it => new(it.State.Word(), Colour(it.State))),
        new("COMPLETED", it => $"{it.Completed}/{it.Completions}"), new("BEGAN", it => Words.Time(it.StartedAt, now)),
        new("TOOK", it => Words.Long((it.EndedAt ?? now) - it.StartedAt)), new("REVISION", it => $"{it.Revision}", IsWide: true),
        new("WHY", it => it.Reason is { } reason ? $"{it.Why}; {reason}" : it.Why));

    private static View<EndedInstance> Ended(DateTimeOffset now) => new(
        it => it.Name,
        new("ENDED", it => it.Name), new("WORKER", it => it.Worker),
        new("EXIT CODE", it => new($"{it.ExitCode}", it.ExitCode == 0 ? Tone.Good : Tone.Bad)),
        new("AT", it => Words.Time(it.EndedAt, now)), new("CAUSE", it => it.Cause?.Word(), IsWide: true),
        new("LAST LINE", it => it.LastLines.Count > 0 ? it.LastLines[^1] : it.Message));

    private static Tone Colour(RunState state) => state switch
    {
        RunState.Completed => Tone.Good,
        RunState.Running => Tone.Busy,
        _ => Tone.Bad,
    };
}
