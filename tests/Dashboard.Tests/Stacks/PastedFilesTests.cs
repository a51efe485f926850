using Orchestrator.Dashboard.Stacks;

namespace Orchestrator.Dashboard.Tests.Stacks;

public sealed class PastedFilesTests
{
    private const string Compose = """
        name: shop
        services:
          web:
            image: web:${VERSION}
        """;

    [Fact]
    public void A_file_is_read_with_the_variables_that_were_pasted_with_it()
    {
        var composed = PastedFiles.Translate(Compose, "VERSION=7", "");
        Assert.Equal(("shop", "web:7"), (composed.Name, composed.Stack!.Services.Single().Value.Spec.Container.Image));
        Assert.Equal("market", PastedFiles.Translate(Compose, "VERSION=7", "market").Name);
    }

    [Fact]
    public void There_is_no_other_file_around_it()
    {
        var composed = PastedFiles.Translate("services: {web: {extends: {file: other.yaml, service: web}}}", "", "shop");
        Assert.Null(composed.Stack);
        Assert.Contains("other.yaml", string.Join(' ', composed.Problems), StringComparison.Ordinal);
    }
}
