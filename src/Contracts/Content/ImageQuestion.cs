using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Content;

/// <summary>What is behind this reference? Asked of a worker, because its engine knows the way to the registry.</summary>
/// <param name="Fresh">The registry is asked, also when the image is there.</param>
/// <param name="MayAskRegistry">False: only what is there counts.</param>
public sealed record ImageQuestion(string Image, bool Fresh, bool MayAskRegistry, RegistryCredentials? Credentials = null)
{
    public override string ToString() => Image;
}

/// <param name="Problem">Why nothing was found, or why the registry gave no answer, in words.</param>
public sealed record ImageAnswer(ImageSeen? Seen, string? Problem = null);

/// <summary>What workers answered about an image.</summary>
/// <param name="Image">The reference that was asked about.</param>
/// <param name="Digest">The same everywhere; none when the image has none, or nobody could tell.</param>
/// <param name="ImageIds">Of an image without a digest: its id on each worker that was asked and has it.</param>
/// <param name="Problem">What went wrong on the way, in words; none when nothing did.</param>
/// <param name="Differing">Where workers that were asked have different bytes: which each has; none when they agree.</param>
public sealed record FoundImage(string Image, string? Digest, ValueMap ImageIds, string? Problem = null, ValueMap? Differing = null)
{
    /// <summary>Whether anybody could tell.</summary>
    public bool IsKnown => Digest is not null || ImageIds.Count > 0;
}
