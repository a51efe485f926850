using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

internal sealed class FakeReminder(List<string> journal) : IReminder
{
    public Task Set(TimeSpan every)
    {
        journal.Add($"reminded every {Durations.Format(every)}");
        return Task.CompletedTask;
    }
}
