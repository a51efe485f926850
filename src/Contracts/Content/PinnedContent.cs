using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Content;

/// <summary>The bytes that a revision is bound to: every instance of it runs them, and so does who returns to it.</summary>
public sealed record PinnedContent
{
    /// <summary>Digest of the image, the same everywhere: <c>sha256:…</c>; none before it is known, or when there is none.</summary>
    public string? Digest { get; init; }

    /// <summary>Of an image without a digest, which was built on the workers: its id on each worker that has run it.</summary>
    public ValueMap ImageIds { get; init; } = ValueMap.Empty;

    /// <summary>
    /// Where workers had different images under the reference when it was bound: the digest, or the id, on each; none when they agreed.
    /// </summary>
    public ValueMap? Differing { get; init; }

    /// <summary>Versions of the secrets.</summary>
    public ValueList<PinnedVersion> Secrets { get; init; } = [];

    /// <summary>Versions of the configs.</summary>
    public ValueList<PinnedVersion> Configs { get; init; } = [];

    /// <summary>Which image a worker runs by its bytes; none when the worker's answer will be the first.</summary>
    public string? ImageOn(string worker, string image) =>
        Digest is { } digest ? ImageReference.Parse(image).By(digest) : ImageIds[worker];
}

/// <param name="Version">From 1.</param>
public sealed record PinnedVersion(string Name, int Version);

/// <summary>What a worker found behind the reference of an image.</summary>
/// <param name="Digest">The same everywhere; none when the image was built on the worker.</param>
/// <param name="Id">Of the image as the worker has it; none when it has none yet.</param>
public sealed record ImageSeen(string? Digest, string? Id);
