using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Core.Tests.Simulation;
using Orchestrator.ServiceDefaults.Concurrency;

namespace Orchestrator.ControlPlane.Tests.Events;

/// <summary>What one who listens is told, however fast or slow that one reads.</summary>
public sealed class EventReadingExamples
{
    private readonly FakeTimeProvider clock = new(CalmCluster.Start);
    private readonly Log log = new();
    private readonly EventReading reading;
    private readonly EventFeed feed;

    public EventReadingExamples()
    {
        feed = new(log, clock, NullLogger<EventFeed>.Instance);
        reading = new(feed, log, service: null, clock);
    }

    [Fact]
    public async Task Who_reads_too_slowly_is_cut_off_with_a_sentence_and_misses_nothing_when_it_comes_back()
    {
        await log.Happen(1);
        await using var told = reading.After(await reading.Start(Cancel), Cancel).GetAsyncEnumerator(Cancel);
        Assert.Equal(1, (await Next(told)).Id.Number);
        // Up to date, and then it takes nothing while thousands come.
        Assert.Null((await Next(told)).Event);
        for (var i = 0; i < 5; i++) await log.Happen(500);
        await clock.PassUntil(TimeSpan.FromSeconds(1), () => log.Pages, pages => pages > 12, "the feed has read it");
        var last = await Next(told);
        Assert.Equal(EventKind.CutOff, last.Event!.Kind);
        Assert.Contains("you read too slowly", last.Event.What, StringComparison.Ordinal);
        Assert.False(await told.MoveNextAsync());

        await using var again = reading.After(last.Id, Cancel).GetAsyncEnumerator(Cancel);
        for (var number = 2; number <= 2501; number++) Assert.Equal(number, (await Next(again)).Id.Number);
    }

    [Fact]
    public async Task Who_begins_far_back_is_not_cut_off()
    {
        for (var i = 0; i < 6; i++) await log.Happen(500);
        await using var told = reading.After(await reading.Start(Cancel), Cancel).GetAsyncEnumerator(Cancel);
        for (var number = 1; number <= 3000; number++) Assert.Equal(number, (await Next(told)).Id.Number);
    }

    [Fact]
    public async Task While_the_log_gives_no_answer_there_are_signs_of_life_and_then_everything()
    {
        await log.Happen(1);
        var start = await reading.Start(Cancel);
        log.Away = true;
        await using var told = reading.After(start, Cancel).GetAsyncEnumerator(Cancel);
        Assert.Null((await Next(told)).Event);
        log.Away = false;
        var item = await Next(told);
        while (item.Event is null) item = await Next(told);
        Assert.Equal(1, item.Id.Number);
    }

    [Fact]
    public async Task What_is_not_kept_any_more_is_told_as_a_gap()
    {
        for (var i = 0; i < 60; i++) await log.Happen(100);
        var (name, oldest) = (await reading.Start(Cancel) is var start ? start.Log : "", start.Number);
        await using var told = reading.After(new(name, 3), Cancel).GetAsyncEnumerator(Cancel);
        var gap = await Next(told);
        Assert.Equal((EventKind.Gap, $"{oldest - 3} events after {name}-3 are not kept any more"), (gap.Event!.Kind, gap.Event.What));
        Assert.Equal(oldest + 1, (await Next(told)).Id.Number);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<EventReading.Item> Next(IAsyncEnumerator<EventReading.Item> told)
    {
        var next = told.MoveNextAsync().AsTask();
        if (!next.IsCompleted) await clock.PassUntil(next, TimeSpan.FromMilliseconds(500));
        Assert.True(await next, "it has ended");
        return told.Current;
    }

    /// <summary>The log itself, with a store in memory.</summary>
    private sealed class Log : IEventCalls
    {
        private readonly Dictionary<long, MemoryStore<EventSegment>> closed = [];
        private readonly EventKeeper keeper;
        private readonly Gate turn = new(1);
        private int instance;

        public Log() => keeper = new(
            new MemoryStore<EventRecord>().Open(), first => (closed.TryGetValue(first, out var it) ? it : closed[first] = new()).Open(),
            new MemoryStore<ToldRecord>().Open());

        public bool Away { get; set; }

        public int Pages { get; private set; }

        public async Task Happen(int count)
        {
            var states = Enumerable.Range(0, count)
                .Select(_ => new InstanceState { Instance = $"web-{++instance}-r1-a1", Worker = "a", Phase = Phase.Running });
            var news = new ServiceNews
            {
                Service = "web", Epoch = 1, Turn = instance + count, At = CalmCluster.Start, Instances = [.. states],
            };
            await Tell(new([news], []), Cancel);
        }

        public Task Tell(EventNews news, CancellationToken cancel) => turn.Inside(() => keeper.Tell(news), cancel);

        public Task<EventPage> Page(EventQuestion question, CancellationToken cancel) => turn.Inside(() =>
        {
            Pages++;
            return Away ? throw Silence.Of("EventLog") : keeper.Page(question);
        }, cancel);
    }
}
