using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Tests.Docker;

public sealed class EngineConditionTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly EngineCondition condition;

    public EngineConditionTests() => condition = new(clock, NullLogger<EngineCondition>.Instance);

    [Fact]
    public void An_engine_that_went_silent_works_again_when_it_has_done_something()
    {
        condition.Back();
        condition.Silent("no answer to 'start'");
        Assert.Equal("no answer to 'start'", condition.Problem);
        condition.Worked();
        Assert.Null(condition.Problem);
    }

    [Fact]
    public void Listing_containers_does_not_show_that_a_wedged_engine_works_but_a_new_connection_does()
    {
        condition.Silent("no answer to 'start'");
        condition.Away("closed its event stream");
        Assert.Equal("closed its event stream", condition.Problem);
        condition.Back();
        Assert.Null(condition.Problem);
    }

    [Fact]
    public void A_silent_engine_gets_another_chance_because_nothing_else_would_ever_show_that_it_works()
    {
        condition.Silent("no answer to 'start'");
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(condition.Problem);
        clock.Advance(TimeSpan.FromMinutes(1.5));
        Assert.Null(condition.Problem);
    }

    [Fact]
    public void Its_containers_count_as_seen_from_the_first_look_on()
    {
        condition.Away("connection refused");
        Assert.False(condition.Known);
        condition.Back();
        condition.Away("connection refused");
        Assert.True(condition.Known);
    }
}
