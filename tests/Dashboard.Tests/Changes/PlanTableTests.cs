using Bunit;
using Orchestrator.Contracts.Services;
using Orchestrator.Dashboard.Changes;

namespace Orchestrator.Dashboard.Tests.Changes;

public sealed class PlanTableTests : BunitContext
{
    [Fact]
    public void Each_step_stands_with_its_reason_and_what_it_waits_for()
    {
        var table = Render<PlanTable>(it => it.Add(plan => plan.Plan, new PlanView(
            [new("run", "web-2-r1-a1", "a", "slot 2 is empty"), new("stop", "web-1-r1-a1", "b", "replaced", "web-1-r2-a1 runs")],
            ["slot 3: no worker has room"])));
        Assert.Equal(
            ["run web-2-r1-a1 a slot 2 is empty", "stop web-1-r1-a1 b replaced; after: web-1-r2-a1 runs"],
            table.FindAll("tbody tr").Select(row => string.Join(' ', row.Children.Select(cell => cell.TextContent.Trim()))));
        Assert.Equal("slot 3: no worker has room", table.Find("li").TextContent);
    }

    [Fact]
    public void A_plan_without_steps_says_so() =>
        Render<PlanTable>(it => it.Add(plan => plan.Plan, new PlanView([], []))).MarkupMatches("<p>There is nothing to do.</p>");

    [Fact]
    public void Of_a_long_plan_the_rest_is_counted()
    {
        var steps = Enumerable.Range(1, 1234).Select(slot => new PlanStepView("run", $"web-{slot}-r1-a1", "a", "empty"));
        var table = Render<PlanTable>(it => it.Add(plan => plan.Plan, new PlanView([.. steps], [])));
        Assert.Equal(100, table.FindAll("tbody tr").Count);
        Assert.Contains("and 1,134 more steps", table.Markup, StringComparison.Ordinal);
    }
}
