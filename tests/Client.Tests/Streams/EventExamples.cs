using Orchestrator.Client.Events;
using Orchestrator.Client.Problems;
using static Orchestrator.Client.Tests.Streams.PlayedBody;

namespace Orchestrator.Client.Tests.Streams;

public sealed class EventExamples
{
    private const string Hello = "retry: 1000\n: events follow\n\n";

    [Fact]
    public async Task After_a_cut_the_next_master_goes_on_after_the_last_event()
    {
        var masters = new PlayedMasters()
            .With("a", it => Tell(Hello + Event(1) + Event(2), Fate.IsCut))
            .With("b", it => Tell(Hello + Event(3), Fate.FallsSilent));
        var told = await Take(masters, 3, client => client.Events.Follow("x-0", cancel: Cancel));
        Assert.Equal(["x-1 one", "x-2 two", "x-3 three"], told.Select(it => $"{it.Id} {it.Event.What}"));
        Assert.Equal(["a x-0", "b x-2"], masters.Questions.Select(it => $"{it.Master} {it["Last-Event-ID"]}"));
    }

    [Fact]
    public async Task Who_wanted_what_comes_goes_on_after_a_sign_of_life()
    {
        var masters = new PlayedMasters()
            .With("a", it => Tell(Hello + "id: x-7\n: nothing new\n\n", Fate.Ends))
            .With("b", it => Tell(Hello + Event(3), Fate.FallsSilent));
        await Take(masters, 1, client => client.Events.Follow(cancel: Cancel));
        Assert.Equal(["a ", "b x-7"], masters.Questions.Select(it => $"{it.Master} {it["Last-Event-ID"]}"));
    }

    [Fact]
    public async Task Who_read_too_slowly_goes_on_and_is_not_told_so()
    {
        var cutOff = """
            id: x-1
            event: cut-off
            data: {"at":"2026-11-26T18:00:00+00:00","kind":"cut-off","what":"you read too slowly"}
            """.ReplaceLineEndings("\n") + "\n\n";
        var masters = new PlayedMasters()
            .With("a", it => Tell(it["Last-Event-ID"] == "start" ? Hello + Event(1) + cutOff : Hello + Event(2), Fate.FallsSilent));
        var told = await Take(masters, 2, client => client.Events.Follow(EventsApi.FromStart, cancel: Cancel));
        Assert.Equal(["one", "two"], told.Select(it => it.Event.What));
    }

    [Fact]
    public async Task A_master_that_falls_silent_is_left()
    {
        var masters = new PlayedMasters()
            .With("a", it => Tell(Hello + Event(1), Fate.FallsSilent)).With("b", it => Tell(Hello + Event(2), Fate.FallsSilent));
        var told = await Take(masters, 2, client => client.Events.Follow("x-0", "web", Cancel));
        Assert.Equal(["one", "two"], told.Select(it => it.Event.What));
        Assert.Equal("GET a/services/web/events", masters.Words.First());
    }

    [Fact]
    public async Task When_no_master_goes_on_it_is_given_up()
    {
        var masters = new PlayedMasters().With("a", it => Tell(Hello, Fate.IsCut));
        using var client = masters.Client();
        var following = client.Events.Follow(cancel: Cancel).ToListAsync(Cancel).AsTask();
        Assert.InRange((await masters.Pass((Task)following)).TotalSeconds, 20, 40);
        await Assert.ThrowsAsync<NoMasterException>(() => following);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<List<ToldEvent>> Take(
        PlayedMasters masters, int count, Func<OrchestratorClient, IAsyncEnumerable<ToldEvent>> follow)
    {
        using var client = masters.Client();
        return await masters.Pass(follow(client).Take(count).ToListAsync(Cancel).AsTask());
    }

    private static HttpResponseMessage Tell(string text, Fate fate) => Answer("text/event-stream", text, fate);

    private static string Event(int number) =>
        $"id: x-{number}\nevent: service\ndata: "
        + $$"""{"at":"2026-11-26T18:00:00+00:00","kind":"service","what":"{{new[] { "", "one", "two", "three" }[number]}}"}""" + "\n\n";
}
