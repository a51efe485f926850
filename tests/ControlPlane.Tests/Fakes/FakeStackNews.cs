using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>Writes down of which stacks services tell that they are otherwise.</summary>
internal sealed class FakeStackNews(List<string> journal) : IStackNews
{
    public void Tell(string stack) => journal.Add($"tells stack {stack}");
}
