using System.Runtime.CompilerServices;
using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Questions;

namespace Orchestrator.Compose.Tests;

/// <summary>What a newcomer tries first is deployed as it is written.</summary>
public sealed class SampleTests
{
    [Fact]
    public void Everything_in_the_sample_can_be_done()
    {
        var folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "samples", "compose-shop");
        var composed = ComposeFiles.Translate(
            new() { Files = ["compose.yaml"], Folder = "/compose-shop", Strict = true }, new Disk(folder));
        Assert.Empty(composed.Problems);
        Assert.DoesNotContain(composed.Remarks, it => it.Kind == RemarkKind.Instead);
        Assert.Equal(["fill", "store", "web"], composed.Stack!.Services.Keys);
        Assert.Equal(["secret shop_owner", "config shop_opening-hours"], composed.Content.Select(it => $"{it}"));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private sealed class Disk(string folder) : ISurroundings
    {
        public byte[]? Read(string path) =>
            File.Exists(Path.Combine(folder, path)) ? File.ReadAllBytes(Path.Combine(folder, path)) : null;

        public string? Variable(string name) => null;
    }
}
