using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

internal sealed class FakeAnnouncements(List<string> journal) : IAnnouncements
{
    public Task Tell(Announcement announcement)
    {
        journal.Add(announcement.Kind == AnnouncementKind.RollCall
            ? $"calls the roll of {announcement.Service}"
            : $"announces {announcement.Image} for {announcement.Service}");
        return Task.CompletedTask;
    }
}
