using System.Text.Json;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Dashboard.Changes;

namespace Orchestrator.Dashboard.Tests.Changes;

public sealed class DraftTests
{
    [Fact]
    public void What_was_left_empty_is_left_out() => Assert.Equal(
        """{"image":"web:1","instances":1}""", new Draft { Image = " web:1 " }.Fields().ToJsonString());

    [Fact]
    public void Everything_in_the_form_becomes_the_wish_that_the_API_takes()
    {
        var spec = Draft.Read(new Draft
        {
            Image = "web:1", Instances = 3, Ports = "80, 8080:81", Command = "serve\n--fast now", Env = "A=1\nB=x=y\nC", Cpu = "0.25",
            Memory = "64Mi", ProbePath = "/health", ProbePort = "81",
        }.Json());
        Assert.Equal(["80/tcp", "8080:81/tcp"], spec.Container.Ports.Select(it => $"{it}"));
        Assert.Equal(["serve", "--fast now"], spec.Container.Command);
        Assert.Equal("{A=1, B=x=y, C=}", $"{spec.Container.Env}");
        Assert.Equal(new ResourceAmount(0.25, ByteSize.Mi(64)), spec.Container.Resources.Reserve);
        Assert.Equal(3, spec.Instances);
        Assert.Equal(("/health", 81), (spec.Container.Health!.Http!.Path, spec.Container.Health.Http.Port));
    }

    [Theory]
    [InlineData("""{"image":"web:1","instanzes":3}""")]
    [InlineData("""{"image":"web:1","ports":["many"]}""")]
    [InlineData("{")]
    public void What_is_no_wish_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => Draft.Read(json));
}
