using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Content;

/// <summary>Which secrets and configs a container has, and where.</summary>
internal static class ContentUses
{
    /// <summary>By name, and whether a new version rolls the service: one use that follows is enough.</summary>
    public static IEnumerable<(string Name, bool Follows)> Of(ContainerSpec container, ContentKind kind) =>
        (kind == ContentKind.Secret ? container.Secrets : container.Configs).Select(file => (Name: file.Source, file.Rotate))
        .Concat(container.EnvFrom.Where(env => env.Kind == kind).Select(env => (Name: env.Source, env.Rotate)))
        .GroupBy(use => use.Name, StringComparer.Ordinal)
        .OrderBy(uses => uses.Key, StringComparer.Ordinal)
        .Select(uses => (uses.Key, uses.Any(use => use.Rotate == Rotation.Auto)));

    public static bool Any(ContainerSpec container) =>
        container.Secrets.Count > 0 || container.Configs.Count > 0 || container.EnvFrom.Count > 0;

    public static ValueList<PinnedVersion> In(PinnedContent pinned, ContentKind kind) =>
        kind == ContentKind.Secret ? pinned.Secrets : pinned.Configs;

    public static int? VersionIn(PinnedContent pinned, ContentKind kind, string name) =>
        In(pinned, kind).FirstOrDefault(it => it.Name == name)?.Version;

    /// <summary>Where the file is in the container, as in the Compose specification.</summary>
    public static string PathOf(ContentKind kind, ContentFile file) =>
        file.Target is ['/', ..] ? file.Target
        : $"{(kind == ContentKind.Secret ? "/run/secrets" : "")}/{file.Target ?? file.Source}";
}
