using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Content;

/// <summary>A worker is about to start an instance, and asks for its secrets and configs.</summary>
public sealed record ContentsQuestion(string Worker, string Instance);

/// <summary>What one instance is given of secrets and configs; asked for at its start and written down nowhere.</summary>
public sealed record InstanceContents
{
    public ValueList<DeliveredFile> Files { get; init; } = [];

    /// <summary>Environment variables.</summary>
    public ValueMap Env { get; init; } = ValueMap.Empty;

    public override string ToString() => $"{Files.Count} files and {Env.Count} variables";
}

/// <param name="Path">In the container, absolute.</param>
/// <param name="Mode">Permissions, 0 to 511.</param>
public sealed record DeliveredFile(string Path, int Mode, int Uid, int Gid, byte[] Bytes)
{
    public override string ToString() => Path;
}

/// <param name="Problem">Why there is nothing to give, in words; none when there is.</param>
public sealed record ContentsAnswer(InstanceContents? Contents, string? Problem = null)
{
    public override string ToString() => Problem ?? $"{Contents}";
}
