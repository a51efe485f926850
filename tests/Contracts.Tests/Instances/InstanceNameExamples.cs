using Orchestrator.Contracts.Instances;

namespace Orchestrator.Contracts.Tests.Instances;

public sealed class InstanceNameExamples
{
    [Theory]
    [InlineData("web-2-r5-a1", "web", 2, 5, 1)]
    [InlineData("my-web-3-12-r50-a100", "my-web-3", 12, 50, 100)]
    [InlineData("a-1-r1-a1-1-r2-a3", "a-1-r1-a1", 1, 2, 3)]
    [InlineData("backup-2-r5-n3-a1", "backup", 2, 5, 1, 3)]
    [InlineData("web-n3-2-r5-a1", "web-n3", 2, 5, 1)]
    public void A_name_tells_service_slot_revision_attempt_and_a_jobs_run(
        string text, string service, int slot, int revision, int attempt, int run = 0)
    {
        Assert.True(InstanceName.TryParse(text, out var name));
        Assert.Equal(new InstanceName(service, slot, revision, attempt, run), name);
        Assert.Equal(text, name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("web")]
    [InlineData("web-2-r5")]
    [InlineData("web-2-r5-a")]
    [InlineData("-2-r5-a1")]
    [InlineData("web--2-r5-a1")]
    [InlineData("Web-2-r5-a1")]
    [InlineData("web_x-2-r5-a1")]
    [InlineData("web-2-r5-a1 ")]
    [InlineData("web-1234567890-r5-a1")]
    [InlineData("web-2-r5-n0-a1")]
    [InlineData("web-2-n3-a1")]
    [InlineData("web-2-r5-n-a1")]
    public void Other_texts_are_no_names(string text) => Assert.False(InstanceName.TryParse(text, out _));
}
