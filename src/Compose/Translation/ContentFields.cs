using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>Secrets and configs as files in the containers.</summary>
internal static class ContentFields
{
    /// <summary>Files are read-only: the right to write is not taken over.</summary>
    private const int Readable = 0b101_101_101;
    private const int Special = 0b111_000_000_000;

    public static ValueList<ContentFile> Of(Section service, ContentKind kind, Translating it)
    {
        var field = kind == ContentKind.Secret ? "secrets" : "configs";
        return service.Items(field).Select(grant => One(grant, kind, field, it)).OfType<ContentFile>().ToValueList();
    }

    private static ContentFile? One(Section grant, ContentKind kind, string field, Translating it)
    {
        var (source, target) = (grant.Text("source"), grant.Text("target"));
        var (uid, gid, mode) = (grant.Number("uid", 0), grant.Number("gid", 0), grant.Mode("mode"));
        grant.End();
        if (source is null)
        {
            grant.Wrong("source", "is required");
            return null;
        }

        if (it.Declared.Use(kind, source) is not { } name)
        {
            grant.Wrong("source", $"there is no {kind.Word()} {source} among {field}:");
            return null;
        }

        // In the container it has the name that the file gives it.
        var path = target ?? source;
        return new(name, path == name ? null : path, uid, gid, mode is { } bits ? Values.Octal(bits & (Readable | Special)) : null);
    }
}
