using Orchestrator.Contracts.Services;
using Orchestrator.Core.Tests.Simulation;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.Core.Tests.Wishes;

public sealed class WishTagExamples
{
    [Fact]
    public void A_service_that_returned_by_itself_has_another_tag_and_says_so()
    {
        var cluster = new CalmCluster("a");
        cluster.Change(new CreateService(new ServiceSpec { Container = new() { Image = "web:1" } }) { Who = "ann" });
        cluster.Settle();
        cluster.Prove();
        cluster.Change(new UpdateService(new() { ["image"] = "web:2" }) { Who = "bob" });
        Assert.StartsWith("the service is at \"2.0\" by now; bob changed it at 2026-01-01", Objection(), StringComparison.Ordinal);
        cluster.Step();
        cluster.Kill("web-1-r2-a1");
        cluster.Settle();
        Assert.StartsWith("the service is at \"1.0\" by now; the service itself changed it at ", Objection(), StringComparison.Ordinal);
        Assert.Contains(": revision 2 is rolled back to 1: ", Objection(), StringComparison.Ordinal);

        string? Objection() => WishTag.Objection(cluster.Record, new ServiceChangeRequest("1", new WithdrawService(), IfMatch: ["9.9"]));
    }
}
