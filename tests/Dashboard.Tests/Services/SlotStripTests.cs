using Bunit;
using Orchestrator.Dashboard.Instances;
using Orchestrator.Dashboard.Services;

namespace Orchestrator.Dashboard.Tests.Services;

public sealed class SlotStripTests : BunitContext
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_life_lies_where_its_time_is_and_is_told_in_words_as_well()
    {
        var strip = Strip(
            new("web-1-r1-a1", 1, 1, "a", Tone.Ended, Noon.AddMinutes(-10), Noon.AddMinutes(-9), Noon.AddMinutes(-5), "exit code 1"),
            new("web-1-r1-a2", 1, 1, "b", Tone.Serving, Noon.AddMinutes(-5), Noon.AddMinutes(-5), null, null));
        Assert.Equal(
            ["left:0%;width:50%", "left:50%;width:50%"], strip.FindAll("li").Select(it => it.GetAttribute("style")));
        Assert.Equal(
            "web-1-r1-a1 on a, running from 11:51:00, until 11:55:00, exit code 1", strip.Find("li").GetAttribute("title"));
    }

    [Fact]
    public void What_ended_before_the_strip_begins_is_left_out()
    {
        var old = new Life("web-1-r1-a1", 1, 1, "a", Tone.Ended, Noon.AddDays(-3), null, Noon.AddDays(-2), null);
        var now = new Life("web-2-r1-a1", 2, 1, "a", Tone.Serving, Noon.AddDays(-1), null, null, null);
        Assert.Equal(["2"], Strip(old, now).FindAll(".name").Select(it => it.TextContent));
    }

    private IRenderedComponent<SlotStrip> Strip(params Life[] lives) =>
        Render<SlotStrip>(it => it.Add(strip => strip.Lives, lives).Add(strip => strip.Now, Noon));
}
