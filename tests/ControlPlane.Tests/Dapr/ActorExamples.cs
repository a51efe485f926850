using Dapr;
using Dapr.Actors;
using Dapr.Actors.Runtime;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Members;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ControlPlane.Tests.Members;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.ControlPlane.Tests.Dapr;

/// <summary>What the actors themselves add to their keepers: the key of the record, and the reminder.</summary>
public sealed class ActorExamples
{
    private readonly FakeTimeProvider clock = new(CalmCluster.Start);
    private readonly DaprInMemory dapr = new();
    private readonly List<string> journal = [];
    private readonly Logbook<ServiceKeeper> log = new();
    private readonly Mock<ActorTimerManager> timers = new();

    [Fact]
    public async Task Each_actor_keeps_its_record_under_a_key_of_its_own()
    {
        await Master("web").Change(Create);
        await new ServiceDirectory(Host<ServiceDirectory>("shard-0"), dapr.Client, Unread.Metrics, clock).Add("web");
        var (alarm, members) = (new FakeAlarm(journal), new Logbook<RegistryKeeper>());
        var registry = new MemberRegistry(
            Host<MemberRegistry>("shard-0"), dapr.Client, alarm, new ControlPlaneOptions(), Unread.Metrics, clock, members);
        await registry.Renew(RegistryStage.Report("a", 1));
        Assert.Equal(["members-shard-0", "service-web", "services-shard-0"], dapr.Keys);
    }

    [Fact]
    public async Task A_service_is_reminded_every_30_seconds_from_its_creation_to_its_end()
    {
        var master = Master("web");
        await master.Change(Create);
        timers.Verify(it => it.RegisterReminderAsync(It.Is<ActorReminder>(
            r => r.Name == "look-again" && r.DueTime == TimeSpan.FromSeconds(30) && r.Period == TimeSpan.FromSeconds(30))), Times.Once);
        await master.Change(new ServiceChangeRequest("2", new WithdrawService()));
        timers.Verify(it => it.UnregisterReminderAsync(It.Is<ActorReminderToken>(r => r.Name == "look-again")), Times.Once);
    }

    [Fact]
    public async Task A_reminder_makes_the_service_look_again()
    {
        var master = Master("web");
        await master.Change(Create);
        journal.Clear();
        await master.ReceiveReminderAsync("look-again", [], TimeSpan.Zero, TimeSpan.Zero);
        Assert.Equal(["asks for fresh workers", "no alarm for web"], journal);
    }

    [Fact]
    public async Task A_reminder_that_cannot_be_set_does_not_keep_a_service_from_being_created()
    {
        timers.Setup(it => it.RegisterReminderAsync(It.IsAny<ActorReminder>())).ThrowsAsync(new DaprException("no scheduler"));
        Assert.Equal(ServiceOutcome.Done, (await Master("web").Change(Create)).Outcome);
        Assert.Contains("Warning: The reminder of web could not be changed: no scheduler", log.Lines);
    }

    [Fact]
    public async Task A_scheduler_that_hangs_holds_the_turn_for_a_second()
    {
        timers.Setup(it => it.RegisterReminderAsync(It.IsAny<ActorReminder>())).Returns(new TaskCompletionSource().Task);
        var creating = Master("web").Change(Create);
        Assert.Equal(1, (await clock.PassUntil(creating)).TotalSeconds, 0.1);
        Assert.Equal(ServiceOutcome.Done, (await creating).Outcome);
    }

    private static ServiceChangeRequest Create => new("1", Wish.Create("""{"image":"web:1","instances":0}"""));

    private ServiceMaster Master(string name) => new(
        Host<ServiceMaster>(name), dapr.Client,
        new ServicePorts(
            new FakeWorkers(journal, "a"), new FakeOrders(journal), new FakeAnnouncements(journal), new FakeDirectory(journal),
            new FakeAlarm(journal)),
        new ControlPlaneOptions(), Unread.Metrics, clock, log);

    private ActorHost Host<T>(string id)
        where T : Actor => ActorHost.CreateForTest<T>(new ActorTestOptions { ActorId = new ActorId(id), TimerManager = timers.Object });
}
