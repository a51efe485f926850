using Dapr;
using Dapr.Actors;
using Dapr.Actors.Client;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Sidecars;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Dapr;

/// <summary>What becomes of a call while the actor moves, hangs or breaks.</summary>
public sealed class ActorCallsExamples
{
    private static readonly DirectoryNews News = new("m", "1", []);

    private readonly FakeTimeProvider clock = new();
    private readonly Mock<IActorProxyFactory> proxies = new(MockBehavior.Strict);
    private readonly Mock<IServiceMaster> master = new(MockBehavior.Strict);
    private readonly Mock<IMemberRegistry> registry = new(MockBehavior.Strict);
    private readonly Mock<IServiceDirectory> directory = new(MockBehavior.Strict);
    private readonly SidecarHealth sidecar;
    private readonly ActorCalls calls;
    private int tries;

    public ActorCallsExamples()
    {
        var shard = new ActorId("shard-0");
        proxies.Setup(it => it.CreateActorProxy<IServiceMaster>(new ActorId("web"), "ServiceMaster", null)).Returns(master.Object);
        proxies.Setup(it => it.CreateActorProxy<IMemberRegistry>(shard, "MemberRegistry", null)).Returns(registry.Object);
        proxies.Setup(it => it.CreateActorProxy<IServiceDirectory>(shard, "ServiceDirectory", null)).Returns(directory.Object);
        sidecar = new SidecarHealth(clock);
        calls = new ActorCalls(proxies.Object, Unread.Metrics, sidecar, clock, () => 0.5, new Logbook<ActorCalls>());
    }

    public static TheoryData<string> Passing =>
    [
        nameof(HttpRequestException), nameof(DaprException), nameof(RecordConflictException), nameof(NoAnswerException),
        nameof(TimeoutException), nameof(TaskCanceledException),
    ];

    [Fact]
    public async Task While_the_sidecar_cannot_bring_an_answer_a_call_fails_at_once_and_one_under_way_is_not_repeated()
    {
        master.Setup(it => it.Get()).Returns(() =>
        {
            tries++;
            sidecar.Fails("the sidecar does not answer: connection refused");
            throw new HttpRequestException("connection refused");
        });
        await Assert.ThrowsAsync<NoAnswerException>(() => calls.Service("web", it => it.Get(), Stop));
        Assert.Equal(1, tries);
        var refused = await Assert.ThrowsAsync<NoAnswerException>(() => calls.Service("web", it => it.Get(), Stop));
        Assert.Equal("ServiceMaster 'web' does not answer at present: the sidecar does not answer: connection refused", refused.Message);
        Assert.Equal((1, false), (tries, refused.IsSent));
    }

    [Fact]
    public async Task Each_call_reaches_the_actor_it_is_meant_for()
    {
        var refused = new OrderRefused("web-1-r1-a1", "a", OrderAnswer.Ok);
        master.Setup(it => it.LookAgain("sweep")).Returns(Task.CompletedTask).Verifiable(Times.Once);
        master.Setup(it => it.Refused(refused)).Returns(Task.CompletedTask).Verifiable(Times.Once);
        registry.Setup(it => it.Workers(It.IsAny<ValueList<string>>())).ReturnsAsync([new Worker { Name = "a" }]);
        registry.Setup(it => it.WaitsForRoom("web")).Returns(Task.CompletedTask).Verifiable(Times.Once);
        registry.Setup(it => it.OverruleBrake()).Returns(Task.CompletedTask).Verifiable(Times.Once);
        directory.Setup(it => it.Names()).ReturnsAsync(["web"]);
        var (news, round, question) = (News, new DirectoryRound("m", "1", null), new DirectoryQuestion(null, 1, new ServiceFilter()));
        directory.Setup(it => it.Tell(news)).ReturnsAsync(new DirectoryAnswer("told", []));
        directory.Setup(it => it.Round(round)).ReturnsAsync(new DirectoryAnswer("asked", ["web"]));
        directory.Setup(it => it.List(question)).ReturnsAsync(new DirectoryPage([], ["web"], null));

        await calls.LookAgain("web", "sweep", Stop);
        await calls.Refused("web", refused, Stop);
        Assert.Equal("a", Assert.Single(await calls.Workers([], Stop)).Name);
        await calls.WaitForRoom("web");
        await calls.Registry(it => it.OverruleBrake(), Stop);
        Assert.Equal(["web"], await calls.Names(Stop));
        Assert.Equal("told", (await calls.Tell(news)).Activation);
        Assert.Equal("asked", (await calls.Round(round, Stop)).Activation);
        Assert.Equal(["web"], (await calls.List(question, Stop)).Unknown);
        master.Verify();
        registry.Verify();
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task A_failure_that_may_pass_is_tried_again(string failure)
    {
        LookAgainAnswers(tried => tried < 3 ? throw Failure(failure) : Task.CompletedTask);
        var asking = calls.LookAgain("web", "sweep", Stop);
        var took = await clock.PassUntil(asking, TimeSpan.FromMilliseconds(10));
        await asking;
        Assert.Equal((3, 0.15), (tries, Math.Round(took.TotalSeconds, 2)));
    }

    [Fact]
    public async Task An_actor_that_fails_for_8_seconds_gives_no_answer()
    {
        LookAgainAnswers(_ => throw new HttpRequestException("did not find address for actor"));
        var asking = calls.LookAgain("web", "sweep", Stop);
        Assert.InRange((await clock.PassUntil(asking)).TotalSeconds, 7, 8);
        var e = await Assert.ThrowsAsync<NoAnswerException>(() => asking);
        Assert.Equal("ServiceMaster 'web' does not answer at present: did not find address for actor", e.Message);
        Assert.InRange(tries, 12, 14);
    }

    [Fact]
    public async Task A_type_that_has_not_answered_three_times_fails_at_once_until_one_try_a_second_finds_it()
    {
        LookAgainAnswers(_ => throw new HttpRequestException("did not find address for actor"));
        for (var time = 0; time < 3; time++)
        {
            var asking = calls.LookAgain("web", "sweep", Stop);
            await clock.PassUntil(asking);
            await Assert.ThrowsAsync<NoAnswerException>(() => asking);
        }

        var tried = tries;
        var e = await Assert.ThrowsAsync<NoAnswerException>(() => calls.LookAgain("web", "sweep", Stop));
        Assert.Equal("ServiceMaster 'web' does not answer at present: did not find address for actor", e.Message);
        Assert.Equal(tried, tries);

        LookAgainAnswers(_ => Task.CompletedTask);
        clock.Advance(TimeSpan.FromSeconds(1));
        await calls.LookAgain("web", "sweep", Stop);
    }

    [Fact]
    public async Task A_type_that_answers_now_and_then_is_asked_every_time()
    {
        foreach (var answers in new[] { false, false, true, false, false })
        {
            LookAgainAnswers(_ => answers ? Task.CompletedTask : throw new HttpRequestException("did not find address for actor"));
            var before = tries;
            var asking = calls.LookAgain("web", "sweep", Stop);
            await clock.PassUntil(asking, TimeSpan.FromMilliseconds(250));
            await asking.Quietly();
            Assert.True(answers ? asking.IsCompletedSuccessfully : tries > before, $"{before} tries before and {tries} now");
        }
    }

    [Fact]
    public async Task An_actor_that_hangs_is_asked_twice_for_4_seconds()
    {
        LookAgainAnswers(_ => new TaskCompletionSource().Task);
        var asking = calls.LookAgain("web", "sweep", Stop);
        Assert.Equal(8, (await clock.PassUntil(asking)).TotalSeconds, 0.2);
        await Assert.ThrowsAsync<NoAnswerException>(() => asking);
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task A_turn_waits_for_another_actor_for_a_second_at_most()
    {
        registry.Setup(it => it.Workers(It.IsAny<ValueList<string>>())).Returns(async () =>
        {
            await new TaskCompletionSource().Task;
            return [];
        });
        directory.Setup(it => it.Tell(News)).Returns(new TaskCompletionSource<DirectoryAnswer>().Task);
        foreach (var asking in new Task[] { calls.Workers([], Stop), calls.Tell(News) })
        {
            Assert.InRange((await clock.PassUntil(asking)).TotalSeconds, 0, 1.1);
            await Assert.ThrowsAsync<NoAnswerException>(() => asking);
        }
    }

    [Fact]
    public async Task A_defect_inside_the_actor_is_told_at_once_and_not_tried_again()
    {
        LookAgainAnswers(_ => throw Inside(new InvalidOperationException("nobody expected this")));
        var e = await Assert.ThrowsAsync<ActorDefectException>(() => calls.LookAgain("web", "sweep", Stop));
        Assert.Equal((1, "ServiceMaster 'web' failed: nobody expected this"), (tries, e.Message));
    }

    [Fact]
    public async Task A_mistake_of_ours_is_not_taken_for_an_actor_that_is_away()
    {
        LookAgainAnswers(_ => throw new ArgumentException("the id is empty"));
        await Assert.ThrowsAsync<ArgumentException>(() => calls.LookAgain("web", "sweep", Stop));
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task Who_asked_may_give_up_earlier()
    {
        LookAgainAnswers(_ => new TaskCompletionSource().Task);
        using var cancel = new CancellationTokenSource();
        var asking = calls.LookAgain("web", "sweep", cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private void LookAgainAnswers(Func<int, Task> answer) => master.Setup(it => it.LookAgain("sweep")).Returns(() => answer(++tries));

    private static Exception Failure(string name) => name switch
    {
        nameof(HttpRequestException) => new HttpRequestException("connection refused"),
        nameof(DaprException) => new DaprException("did not find address for actor"),
        nameof(RecordConflictException) => Inside(new RecordConflictException("service-web")),
        nameof(NoAnswerException) => Inside(Silence.Of("MemberRegistry")),
        nameof(TimeoutException) => Inside(new TimeoutException("the store does not answer")),
        _ => Inside(new TaskCanceledException()),
    };

    /// <summary>As Dapr tells the caller of what an actor threw.</summary>
    private static ActorMethodInvocationException Inside(Exception e) =>
        new("Remote Actor Method Exception", new ActorInvokeException(e.GetType().FullName, e.Message), false);
}
