using Orchestrator.Testing;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>The containers of one cluster, as <c>docker</c> shows them.</summary>
internal sealed class Engine(string cluster)
{
    public const string Image = "busybox-www:1";

    /// <summary>
    /// A container has the name of its instance only as long as no other on the engine has it, so its label tells whose it is.
    /// </summary>
    private const string Name = """{{.Label "orchestrator.instance"}}""";

    private const string Id = "{{.ID}}";

    /// <summary>So ends the name of a container that is kept.</summary>
    private const string Kept = ".ended";

    /// <summary>A web server of two megabytes that answers with one word.</summary>
    public static Task MakeImage(string image, string answer) =>
        Shell.Run(Path.Combine(RunningCluster.Repository, "scripts", "make-busybox-image.sh"), image, answer);

    /// <summary>The ids of the images that have a name of this repository, or a digest in it; empty when there are none.</summary>
    public static Task<string> ImagesOf(string repository) => Shell.Run("docker", "images", "--quiet", "--no-trunc", repository);

    public static Task<string> DigestsOf(string repository) =>
        Shell.Run("docker", "images", "--digests", "--format", "{{.Digest}}", repository);

    /// <summary>Images that a test made or had pulled; no container may need them any more.</summary>
    public static async Task RemoveImages(string repository)
    {
        var ids = (await ImagesOf(repository)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        if (ids.Length > 0) await Shell.Try("docker", ["rmi", "--force", .. ids]);
    }

    /// <summary>The instances whose containers run, in order.</summary>
    public Task<string[]> Running() => List(Name, "status=running");

    /// <summary>The instances that have a container, ended ones too, without those that are only kept for looking at them.</summary>
    public Task<string[]> All() => List(Name);

    /// <summary>Instances that run and the ids of their containers, to see that nothing was restarted.</summary>
    public Task<string[]> Identities() => List($"{Name} {Id}", "status=running");

    public async Task Kill(string instance) =>
        await Shell.Run("docker", ["kill", .. await List(Id, $"label=orchestrator.instance={instance}")]);

    /// <summary>Those of a service that are kept for looking at them, where there are any.</summary>
    public async Task RemoveEnded(string service)
    {
        var ended = await Lines(Id, $"label=orchestrator.service={service}", "status=exited");
        if (ended.Length > 0) await Shell.Try("docker", ["rm", .. ended]);
    }

    /// <param name="service">All there are of this one, running, ended or kept; none takes those of every service.</param>
    public async Task RemoveAll(string? service = null)
    {
        var left = await Lines(Id, service is null ? [] : [$"label=orchestrator.service={service}"]);
        if (left.Length > 0) await Shell.Try("docker", ["rm", "--force", .. left]);
    }

    private async Task<string[]> List(string format, params string[] filters) =>
        [.. (await Lines($"{{{{.Names}}}} {format}", filters)).Where(line => !line.Split(' ')[0].EndsWith(Kept, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Order(StringComparer.Ordinal)];

    private async Task<string[]> Lines(string format, params string[] filters)
    {
        string[] all = [$"label=orchestrator.cluster={cluster}", .. filters];
        var text = await Shell.Run(
            "docker", ["ps", "--all", "--no-trunc", .. all.SelectMany(f => new[] { "--filter", f }), "--format", format]);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
