namespace Orchestrator.EndToEnd.Cluster;

/// <summary>The containers of one cluster, as <c>docker</c> shows them.</summary>
internal sealed class Engine(string cluster)
{
    public const string Image = "busybox-www:1";

    /// <summary>A web server of two megabytes that answers with one word.</summary>
    public static Task MakeImage(string image, string answer) =>
        Shell.Run(Path.Combine(RunningCluster.Repository, "scripts", "make-busybox-image.sh"), image, answer);

    /// <summary>Names of the running containers, in order.</summary>
    public Task<string[]> Running() => List("status=running");

    /// <summary>Names of all containers, ended ones too.</summary>
    public Task<string[]> All() => List();

    /// <summary>Names and ids, to see that nothing was restarted.</summary>
    public async Task<string[]> Identities() => Lines(await Shell.Run("docker",
        "ps", "--no-trunc", "--filter", $"label=orchestrator.cluster={cluster}", "--format", "{{.Names}} {{.ID}}"));

    public static Task Kill(string container) => Shell.Run("docker", "kill", container);

    public async Task RemoveAll()
    {
        var left = await All();
        if (left.Length > 0) await Shell.Try("docker", ["rm", "--force", .. left]);
    }

    private async Task<string[]> List(params string[] filters) => Lines(await Shell.Run("docker",
        ["ps", "--all", "--filter", $"label=orchestrator.cluster={cluster}", .. filters.SelectMany(f => new[] { "--filter", f }), "--format", "{{.Names}}"]));

    private static string[] Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
}
