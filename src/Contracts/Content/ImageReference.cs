namespace Orchestrator.Contracts.Content;

/// <summary>A reference to an image, taken apart: <c>registry.example.com:5000/team/web:1.2@sha256:…</c>.</summary>
/// <param name="Registry">Host of its registry, in lower case; <c>docker.io</c> when none is written.</param>
/// <param name="Repository">Registry and path as they are written, without tag and digest.</param>
/// <param name="Tag">None when none is written.</param>
/// <param name="Digest"><c>sha256:…</c>; none when none is written.</param>
public sealed record ImageReference(string Registry, string Repository, string? Tag, string? Digest)
{
    /// <summary>The registry of references that name none.</summary>
    public const string DockerHub = "docker.io";

    private static readonly string[] HubHosts = [DockerHub, "index.docker.io", "registry-1.docker.io"];

    public static ImageReference Parse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var (name, digest) = at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
        var colon = name.LastIndexOf(':');
        var (repository, tag) = colon > name.LastIndexOf('/') ? (name[..colon], name[(colon + 1)..]) : (name, null);
        return new(Split(repository).Host, repository, tag, digest);
    }

    /// <summary>The same image by its bytes: <c>nginx@sha256:…</c>.</summary>
    public string By(string digest) => $"{Repository}@{digest}";

    /// <summary>Whether both names are of one repository, however much of Docker Hub's name is written.</summary>
    public bool IsOf(string repository) => Whole(Repository) == Whole(repository);

    /// <summary>A host as registries are stored: in lower case, since hosts have no other, and the names of Docker Hub are one.</summary>
    public static string HostOf(string host) => host.ToLowerInvariant() is var lower && HubHosts.Contains(lower) ? DockerHub : lower;

    /// <summary>What a person would recognise of a digest: <c>sha256:0123456789ab</c>.</summary>
    public static string Brief(string digest) => digest.Length > 19 ? digest[..19] : digest;

    /// <summary>
    /// Whether the first of several parts of a name is the host of a registry, as engines have it: a part of a path has no capitals.
    /// </summary>
    public static bool IsHost(string first) =>
        first is "localhost" || first.AsSpan().ContainsAny('.', ':') || first.Any(char.IsUpper);

    private static (string Host, string Path) Split(string repository)
    {
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        return slash >= 0 && IsHost(repository[..slash]) ? (HostOf(repository[..slash]), repository[(slash + 1)..])
            : (DockerHub, repository);
    }

    private static string Whole(string repository)
    {
        var (host, path) = Split(repository);
        return host == DockerHub && !path.Contains('/', StringComparison.Ordinal) ? $"{host}/library/{path}" : $"{host}/{path}";
    }
}
