using Dapr;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Dapr;

public sealed class AnnouncementsExamples
{
    private static readonly Announcement RollCall = new() { Kind = AnnouncementKind.RollCall, Service = "web" };

    private readonly FakeTimeProvider clock = new();
    private readonly DaprInMemory dapr = new();
    private readonly Logbook<Announcements> log = new();
    private readonly Announcements announcements;

    public AnnouncementsExamples() => announcements = new Announcements(dapr.Client, clock, log);

    [Fact]
    public async Task An_announcement_is_published_to_all_workers()
    {
        await announcements.Tell(RollCall);
        Assert.Equal([RollCall], dapr.Published);
    }

    [Fact]
    public async Task One_that_cannot_be_published_is_logged_and_no_more()
    {
        dapr.Before = _ => throw new DaprException("no pub/sub is configured");
        await announcements.Tell(RollCall);
        Assert.Equal(["Warning: The announcement RollCall of web could not be published: no pub/sub is configured"], log.Lines);
    }

    [Fact]
    public async Task One_that_hangs_is_given_up_after_2_seconds()
    {
        dapr.Before = _ => new TaskCompletionSource().Task;
        var telling = announcements.Tell(RollCall);
        Assert.Equal(2, (await clock.PassUntil(telling)).TotalSeconds, 0.2);
        await telling;
        Assert.Equal(["Warning: The announcement RollCall of web could not be published: no answer within 2 s"], log.Lines);
    }
}
