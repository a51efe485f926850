using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>How what the keepers of a master tell comes to the directory: together, in the end, and again to a new one.</summary>
public sealed class DirectoryPostExamples : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly Calls calls = new();
    private readonly Logbook<DirectoryPost> log = new();
    private readonly DirectoryPost post;

    public DirectoryPostExamples() =>
        post = new DirectoryPost(calls, new DirectoryPost.Sender("m1", "7"), clock, log, CancellationToken.None);

    public void Dispose() => post.Dispose();

    [Fact]
    public async Task What_gathers_while_a_call_is_under_way_goes_with_the_next_each_service_once()
    {
        calls.Hold = new();
        var expecting = post.Expect(Expected("db"));
        post.Tell(Line("web", 1));
        post.Tell(Line("web", 2));
        post.Tell(Line("api", 1));
        post.Tell(Line("web", 3));
        calls.Hold.SetResult();
        await expecting;
        await Carried("m1 7: db 1; m1 7: web 3, api 1");
    }

    [Fact]
    public async Task What_nobody_waits_for_gathers_for_20_ms()
    {
        post.Tell(Line("web", 1));
        clock.Advance(TimeSpan.FromMilliseconds(19));
        post.Tell(Line("web", 2));
        post.Tell(Line("api", 1));
        Assert.Equal("", Words());
        await Carried("m1 7: web 2, api 1");
    }

    [Fact]
    public async Task A_service_is_expected_when_the_directory_has_answered()
    {
        calls.Hold = new();
        var expecting = post.Expect(Expected("web"));
        var other = post.Expect(Expected("api"));
        Assert.False(expecting.IsCompleted);
        calls.Hold.SetResult();
        await Task.WhenAll(expecting, other);
        await Carried("m1 7: web 1; m1 7: api 1");
    }

    [Fact]
    public async Task Whoever_waits_comes_before_those_who_do_not_when_not_all_fit()
    {
        calls.Hold = new();
        var first = post.Expect(Expected("first"));
        for (var i = 0; i < 700; i++) post.Tell(Line($"web-{i}", 1));
        var expecting = post.Expect(Expected("api"));
        calls.Hold.SetResult();
        await Task.WhenAll(first, expecting);
        await clock.PassUntil(TimeSpan.FromMilliseconds(20), () => calls.Told.Count, count => count == 3, "three calls");
        Assert.Equal([1, 500, 201], calls.Told.Select(news => news.Lines.Count));
        Assert.Contains(calls.Told[1].Lines, line => line.Name == "api");
    }

    [Fact]
    public async Task A_directory_that_gives_no_answer_is_told_again_but_who_waited_hears_of_it()
    {
        calls.Hold = new();
        post.Tell(Line("web", 1));
        var expecting = post.Expect(Expected("api"));
        post.Tell(Line("db", 1));
        calls.Trouble = Silence.Of("ServiceDirectory");
        calls.Hold.SetResult();
        await clock.PassUntil(expecting);
        await Assert.ThrowsAsync<NoAnswerException>(() => expecting);

        post.Tell(Line("web", 2));
        calls.Trouble = null;
        await clock.PassUntil(TimeSpan.FromMilliseconds(50), Words, words => words == "m1 7: web 2, db 1", "it is carried");
        Assert.StartsWith("Warning: The directory cannot be told of 2 services now", log.Lines.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_directory_is_told_all_that_this_master_knows_and_that_is_not_over()
    {
        post.Tell(Line("web", 1));
        post.Tell(Line("api", 1));
        post.Tell(Line("api", 2) with { Summary = null, Gone = true });
        await Settled();
        calls.Forget();
        calls.Activation = "another";
        Assert.Equal(["db"], await post.Due(["a"], TestContext.Current.CancellationToken));
        await Carried("m1 7: web 1");
        Assert.Equal(new DirectoryRound("m1", "7", ["a"]), calls.Asked);
    }

    [Fact]
    public async Task Who_reads_the_list_waits_for_what_was_told_before()
    {
        calls.Hold = new();
        var expecting = post.Expect(Expected("web"));
        post.Tell(Line("web", 2));
        var arrived = post.Arrived(TestContext.Current.CancellationToken);
        Assert.False(arrived.IsCompleted);
        calls.Hold.SetResult();
        await arrived;
        Assert.Equal("m1 7: web 1; m1 7: web 2", Words());
        await expecting;
        Assert.True(post.Arrived(TestContext.Current.CancellationToken).IsCompleted);
    }

    private Task Settled() => post.Arrived(TestContext.Current.CancellationToken);

    private Task<string> Carried(string words) =>
        clock.PassUntil(TimeSpan.FromMilliseconds(20), Words, now => now == words, "it is carried");

    private string Words() => string.Join("; ",
        calls.Told.Select(news =>
            $"{news.Master} {news.Process}: {string.Join(", ", news.Lines.Select(line => $"{line.Name} {line.Turn}"))}"));

    private static ServiceLine Expected(string name) => new() { Name = name, Epoch = 0, Turn = 1 };

    private static ServiceLine Line(string name, long turn) => new()
    {
        Name = name, Epoch = 1, Turn = turn,
        Summary = new ServiceSummary
        {
            Name = name, Image = "web:1", Revision = 1, Wanted = 0, Observed = true, State = ServiceState.Running,
        },
    };

    private sealed class Calls : IDirectoryCalls
    {
        private readonly Lock gate = new();
        private List<DirectoryNews> told = [];

        public TaskCompletionSource Hold { get; set; } = Open();

        public Exception? Trouble { get; set; }

        public string Activation { get; set; } = "first";

        public DirectoryRound? Asked { get; private set; }

        /// <summary>What has arrived.</summary>
        public List<DirectoryNews> Told
        {
            get
            {
                lock (gate) return told;
            }
        }

        public async Task<DirectoryAnswer> Tell(DirectoryNews news)
        {
            await Hold.Task;
            if (Trouble is { } e) throw e;
            lock (gate) told = [.. told, news];
            return new DirectoryAnswer(Activation, []);
        }

        public Task<DirectoryAnswer> Round(DirectoryRound round, CancellationToken cancel)
        {
            Asked = round;
            return Task.FromResult(new DirectoryAnswer(Activation, ["db"]));
        }

        public void Forget()
        {
            lock (gate) told = [];
        }

        private static TaskCompletionSource Open()
        {
            var open = new TaskCompletionSource();
            open.SetResult();
            return open;
        }
    }
}
