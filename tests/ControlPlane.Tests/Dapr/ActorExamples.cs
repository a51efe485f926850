using Dapr;
using Dapr.Actors;
using Dapr.Actors.Runtime;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Workers;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Members;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ControlPlane.Tests.Members;
using Orchestrator.Core.Tests.Simulation;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Dapr;

/// <summary>What the actors themselves add to their keepers: the key of the record, and the reminder.</summary>
public sealed class ActorExamples
{
    private readonly FakeTimeProvider clock = new(CalmCluster.Start);
    private readonly DaprInMemory dapr = new();
    private readonly List<string> journal = [];
    private readonly Logbook<ServiceKeeper> log = new();
    private readonly Logbook<DirectoryKeeper> directoryLog = new();
    private readonly Mock<ActorTimerManager> timers = new();

    [Fact]
    public async Task Each_actor_keeps_its_record_under_a_key_of_its_own()
    {
        await Master("web").Change(Create);
        await Directory().Tell(new DirectoryNews("m", "1", [new ServiceLine { Name = "web", Epoch = 1, Turn = 1 }]));
        var (alarm, members) = (new FakeAlarm(journal), new Logbook<RegistryKeeper>());
        var registry = new MemberRegistry(
            Host<MemberRegistry>("shard-0"), dapr.Client, new StoreHealth(clock), alarm, new FakeEvents(), new ControlPlaneOptions(),
            Unread.Metrics, clock, members);
        await registry.Renew(RegistryStage.Report("a", 1));
        var events = new EventLog(Host<EventLog>("shard-0"), dapr.Client, new StoreHealth(clock), Unread.Metrics, clock);
        await events.Tell(new EventNews([], [new MemberNews(clock.GetUtcNow(), [new("a", WorkerHealth.Ready, false, false, null)], null)]));
        Assert.Equal(["events-shard-0", "members-shard-0", "service-web", "services-shard-0"], dapr.Keys);
    }

    [Fact]
    public async Task The_directory_is_reminded_every_30_seconds_from_its_activation_on_and_a_service_never()
    {
        await Master("web").Change(Create);
        timers.VerifyNoOtherCalls();
        var directory = Directory();
        await directory.Names();
        await directory.Names();
        timers.Verify(it => it.RegisterReminderAsync(It.Is<ActorReminder>(
            r => r.Name == "look-again" && r.DueTime == TimeSpan.FromSeconds(30) && r.Period == TimeSpan.FromSeconds(30))), Times.Once);
    }

    [Fact]
    public async Task A_reminder_wakes_those_of_whom_the_directory_has_heard_nothing()
    {
        var directory = Directory();
        var line = new ServiceLine { Name = "web", Epoch = 1, Turn = 1, LookAt = clock.GetUtcNow() };
        await directory.Tell(new DirectoryNews("m", "1", [line]));
        clock.Advance(TimeSpan.FromSeconds(2));
        await directory.ReceiveReminderAsync("look-again", [], TimeSpan.Zero, TimeSpan.Zero);
        Assert.Equal(["wakes web: the directory reminds"], journal);
    }

    [Fact]
    public async Task A_reminder_that_cannot_be_set_does_not_keep_the_directory_from_answering()
    {
        timers.Setup(it => it.RegisterReminderAsync(It.IsAny<ActorReminder>())).ThrowsAsync(new DaprException("no scheduler"));
        Assert.Empty(await Directory().Names());
        Assert.Contains("Warning: The reminder of the directory could not be set: no scheduler", directoryLog.Lines);
    }

    [Fact]
    public async Task A_scheduler_that_hangs_holds_the_directory_for_a_second()
    {
        timers.Setup(it => it.RegisterReminderAsync(It.IsAny<ActorReminder>())).Returns(new TaskCompletionSource().Task);
        var asking = Directory().Names();
        Assert.Equal(1, (await clock.PassUntil(asking)).TotalSeconds, 0.1);
        Assert.Empty(await asking);
    }

    [Fact]
    public async Task A_reminder_that_a_service_had_from_an_older_version_goes_when_it_comes()
    {
        await Master("web").ReceiveReminderAsync("look-again", [], TimeSpan.Zero, TimeSpan.Zero);
        timers.Verify(it => it.UnregisterReminderAsync(It.Is<ActorReminderToken>(r => r.Name == "look-again")), Times.Once);
    }

    private static ServiceChangeRequest Create => new("1", Wish.Create("""{"image":"web:1","instances":0}"""));

    private ServiceDirectory Directory() => new(
        Host<ServiceDirectory>("shard-0"), dapr.Client, new StoreHealth(clock), new FakeAlarm(journal), new ControlPlaneOptions(),
        Unread.Metrics, clock, directoryLog);

    private ServiceMaster Master(string name) => new(
        Host<ServiceMaster>(name), dapr.Client, new StoreHealth(clock),
        new ServicePorts(
            new FakeWorkers(journal, "a"), new FakeOrders(journal), new FakeAnnouncements(journal), new FakeDirectory(journal),
            new FakeAlarm(journal), new MemoryContents(clock).Store, new FakeEvents(), new FakeStackNews(journal), new FakeSchedules()),
        new ControlPlaneOptions(), Unread.Metrics, clock, log);

    private ActorHost Host<T>(string id)
        where T : Actor => ActorHost.CreateForTest<T>(new ActorTestOptions { ActorId = new ActorId(id), TimerManager = timers.Object });
}
