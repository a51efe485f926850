using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Dashboard.Revisions;

namespace Orchestrator.Dashboard.Tests.Revisions;

public sealed class SpecDiffTests
{
    [Fact]
    public void Fields_that_changed_came_or_went_are_named_as_refusals_name_them()
    {
        var before = new ServiceSpec { Container = new() { Image = "web:1", Env = ValueMap.Of(("A", "1")), Ports = [new(80)] } };
        var container = before.Container with { Image = "web:2", Env = ValueMap.Empty, Ports = [new(80), new(443)] };
        var after = before with { Container = container };
        Assert.Equal(
            ["image: web:1 → web:2", "ports[1].container:  → 443", "ports[1].protocol:  → tcp", "env.A: 1 → "],
            SpecDiff.Between(before, after).Select(it => $"{it.Field}: {it.Before} → {it.After}"));
    }

    [Fact]
    public void A_spec_differs_in_nothing_from_itself() => Assert.Empty(SpecDiff.Between(new ServiceSpec(), new ServiceSpec()));
}
