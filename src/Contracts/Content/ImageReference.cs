namespace Orchestrator.Contracts.Content;

/// <summary>A reference to an image, taken apart: <c>registry.example.com:5000/team/web:1.2@sha256:…</c>.</summary>
/// <param name="Registry">Host of its registry; <c>docker.io</c> when none is written.</param>
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
        return new(HostIn(repository), repository, tag, digest);
    }

    /// <summary>The same image by its bytes: <c>nginx@sha256:…</c>.</summary>
    public string By(string digest) => $"{Repository}@{digest}";

    /// <summary>Whether both names are of one repository, however much of Docker Hub's name is written.</summary>
    public bool IsOf(string repository) => Whole(Repository) == Whole(repository);

    /// <summary>A host as registries are stored: the names of Docker Hub are one.</summary>
    public static string HostOf(string host) => HubHosts.Contains(host) ? DockerHub : host;

    /// <summary>What a person would recognise of a digest: <c>sha256:0123456789ab</c>.</summary>
    public static string Brief(string digest) => digest.Length > 19 ? digest[..19] : digest;

    private static string HostIn(string repository)
    {
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : repository[..slash];
        return first is "localhost" || first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal)
            ? HostOf(first) : DockerHub;
    }

    private static string Whole(string repository)
    {
        var path = repository;
        foreach (var host in HubHosts.Where(host => repository.StartsWith($"{host}/", StringComparison.Ordinal)))
            path = repository[(host.Length + 1)..];
        return HostIn(repository) != DockerHub ? repository
            : path.Contains('/', StringComparison.Ordinal) ? $"{DockerHub}/{path}" : $"{DockerHub}/library/{path}";
    }
}
