using Orchestrator.Dashboard.Visits;

namespace Orchestrator.Dashboard.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void The_page_asks_the_API_by_its_client_and_knows_nothing_of_a_master()
    {
        var names = typeof(DashboardOptions).Assembly.GetReferencedAssemblies().Select(it => it.Name!).ToList();
        Assert.Contains("Orchestrator.Client", names);
        Assert.DoesNotContain(names, it => it is "ControlPlane" or "Contracts.Actors" or "WorkerAgent"
            || it.StartsWith("Dapr", StringComparison.Ordinal));
    }
}
