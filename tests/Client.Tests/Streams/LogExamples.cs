using Orchestrator.Client.Looking;
using Orchestrator.Contracts.Logs;
using static Orchestrator.Client.Tests.Streams.PlayedBody;

namespace Orchestrator.Client.Tests.Streams;

public sealed class LogExamples
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_cut_each_line_comes_once_also_of_the_same_moment()
    {
        var masters = new PlayedMasters()
            .With("a", _ => Tell(Fate.IsCut, ("x", 1, "1"), ("y", 2, "2"), ("x", 3, "3a"), ("x", 3, "3b")))
            .With("b", _ => Tell(
                Fate.Ends, ("y", 2, "2"), ("x", 3, "3a"), ("x", 3, "3b"), ("x", 3, "3c"), ("y", 4, "4"), ("z", 2, "new")));
        Assert.Equal(["1", "2", "3a", "3b", "3c", "4", "new"], await Lines(masters, new() { Follow = true, Tail = 10 }));
        Assert.Equal(
            [
                "GET a/services/web/logs?follow=true&tail=10",
                "GET b/services/web/logs?follow=true&since=2026-11-27T12%3A00%3A02.000000000Z",
            ], masters.Words);
    }

    [Fact]
    public async Task Who_wanted_only_what_comes_goes_on_from_when_it_began()
    {
        var began = new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
        var masters = new PlayedMasters()
            .With("a", _ => Answer("application/x-ndjson", "", Fate.IsCut, began)).With("b", _ => Tell(Fate.Ends, ("x", 1, "1")));
        Assert.Equal(["1"], await Lines(masters, new() { Follow = true, Tail = 0 }));
        Assert.Contains("since=2026-11-27T12%3A00%3A00.000000000Z", masters.Words.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_there_is_told_to_its_end_and_remarks_are_told_as_they_come()
    {
        var masters = new PlayedMasters().With("a", _ => Tell(Fate.Ends, ("x", 1, "1"), ("", 2, "# away"), ("", 2, "# away")));
        Assert.Equal(["1", "# away", "# away"], await Lines(masters, new() { Stream = LogStream.Stderr, Since = "5m", Instance = "web-1-r1-a1" }));
        Assert.Equal(["GET a/services/web/logs?since=5m&instance=web-1-r1-a1&stream=stderr"], masters.Words);
    }

    private static async Task<List<string>> Lines(PlayedMasters masters, LogWish wish)
    {
        using var client = masters.Client();
        return await masters.Pass(client.Services.Logs("web", wish, Cancel).Select(it => it.Line).ToListAsync(Cancel).AsTask());
    }

    private static HttpResponseMessage Tell(Fate fate, params (string Instance, int Second, string Line)[] lines) => Answer(
        "application/x-ndjson",
        string.Concat(lines.Select(it => $$"""
            {"instance":"{{it.Instance}}","stream":"{{(it.Instance.Length == 0 ? "note" : "stdout")}}","time":"2026-11-27T12:00:0{{it.Second}}.000000000Z","line":"{{it.Line}}"}
            """ + "\n")), fate);
}
