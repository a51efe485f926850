using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>What is known of content when a wish comes.</summary>
/// <param name="Image">What workers found behind the reference of the image; none when nobody was asked.</param>
/// <param name="Known">Which secrets and configs there are; none when that was not asked.</param>
internal sealed record FreshContent(FoundImage? Image = null, ContentRecord? Known = null);

/// <summary>Binds a revision to bytes: which image, which versions of secrets and configs. Pure.</summary>
internal static class Pinning
{
    private static readonly ContentKind[] Kinds = [ContentKind.Secret, ContentKind.Config];

    /// <summary>
    /// What a new revision is bound to. An image is what workers say now; when nobody was asked, what the revision before runs under the
    /// same reference.
    /// </summary>
    /// <param name="before">The revision in force; none when the service is new.</param>
    /// <param name="fresh">What is known now.</param>
    /// <param name="all">Whether secrets and configs that stay with their version move as well.</param>
    public static PinnedContent Of(ServiceSpec spec, RevisionRecord? before, FreshContent fresh, bool all = false)
    {
        var image = fresh.Image is { IsKnown: true } found && found.Image == spec.Container.Image ? found : null;
        var same = image is null && before?.Spec.Container.Image == spec.Container.Image ? before : null;
        return new()
        {
            Digest = image?.Digest ?? same?.Content.Digest,
            Differing = image is null ? same?.Content.Differing : image.Differing,
            ImageIds = (image?.Digest is null ? image?.ImageIds : null) ?? same?.Content.ImageIds ?? ValueMap.Empty,
            Secrets = Versions(ContentKind.Secret, spec, before, fresh.Known, all),
            Configs = Versions(ContentKind.Config, spec, before, fresh.Known, all),
        };
    }

    /// <summary>Which of the secrets and configs that a container wants are not there, by field.</summary>
    public static IEnumerable<FieldProblem> Missing(ContainerSpec container, ContentRecord? known)
    {
        if (known is null) return [];
        return container.Secrets.Index().Select(it => ($"secrets[{it.Index}].source", ContentKind.Secret, it.Item.Source))
            .Concat(container.Configs.Index().Select(it => ($"configs[{it.Index}].source", ContentKind.Config, it.Item.Source)))
            .Concat(container.EnvFrom.Index().Select(it => ($"envFrom[{it.Index}].source", it.Item.Kind, it.Item.Source)))
            .Select(it => (Field: it.Item1, Kind: it.Item2, Name: it.Item3))
            .Where(it => known.Find(it.Kind, it.Name) is null)
            .Select(it => new FieldProblem(it.Field, $"there is no {it.Kind.Word()} {it.Name}; PUT /{it.Kind.Word()}s/{it.Name} makes it"));
    }

    /// <summary>What of a revision's content is not kept any more, a part of a sentence each.</summary>
    public static IEnumerable<string> Gone(PinnedContent pinned, ContentRecord? known) => known is null ? []
        : Kinds.SelectMany(kind => ContentUses.In(pinned, kind)
            .Where(it => known.Find(kind, it.Name)?.Find(it.Version) is null)
            .Select(it => $"version {it.Version} of {kind.Word()} {it.Name} is not kept any more"));

    /// <summary>
    /// What a service that follows has not been offered yet, in words; none when it has seen everything. What a kept revision was made for
    /// has been offered, also when it failed or somebody went back since.
    /// </summary>
    public static string? News(ServiceRecord record, ContentRecord known)
    {
        List<string> news = [];
        foreach (var kind in Kinds)
        {
            foreach (var (name, follows) in ContentUses.Of(record.Spec.Container, kind))
            {
                if (!follows || known.Find(kind, name) is not { } item) continue;
                if (item.Newest > Offered(record, kind, name)) news.Add($"version {item.Newest} of {kind.Word()} {name}");
            }
        }

        return news.Count == 0 ? null : string.Join(", ", news);
    }

    /// <summary>How two contents differ, in words; empty when they do not.</summary>
    public static string Difference(string image, PinnedContent from, PinnedContent to)
    {
        List<string> words = [];
        if (from.Digest != to.Digest || to.Digest is null && to.ImageIds.Any(it => from.ImageIds[it.Key] != it.Value))
            words.Add($"{image} is {Bytes(to)} now and was {Bytes(from)}");
        foreach (var kind in Kinds)
        {
            words.AddRange(ContentUses.In(to, kind).Where(it => ContentUses.VersionIn(from, kind, it.Name) != it.Version)
                .Select(it => $"{kind.Word()} {it.Name} has version {it.Version}"));
        }

        return string.Join(", ", words);
    }

    /// <summary>Workers were asked only now, when the first instances are wanted. What is bound already stays with its bytes.</summary>
    public static ServiceRecord WithImageFound(this ServiceRecord record, FoundImage? found)
    {
        if (found is not { IsKnown: true } || found.Image != record.Spec.Container.Image) return record;
        return record with
        {
            Revisions = record.Revisions.Select(it => IsToBeBound(it) ? it with { Content = Bound(it.Content) } : it).ToValueList(),
        };

        bool IsToBeBound(RevisionRecord it) => it.Number == record.Revision && it.Content is { Digest: null, ImageIds.Count: 0 };

        PinnedContent Bound(PinnedContent it) =>
            it with { Digest = found.Digest, ImageIds = found.ImageIds, Differing = found.Differing };
    }

    /// <summary>
    /// A worker tells which image its instances run: a revision that was not bound yet is bound to that from here on; one whose image has
    /// no digest, on that worker. The same record when nothing is new.
    /// </summary>
    public static ServiceRecord WithImagesSeen(this ServiceRecord record, ServiceReport report)
    {
        foreach (var told in report.Instances)
        {
            if (told.Image is not { } seen || told.Phase == Phase.Exited || !InstanceName.TryParse(told.Instance, out var name)) continue;
            if (record.FindRevision(name.Revision) is not { Content: { Digest: null } content } revision) continue;
            if (!record.Instances.Any(it => it.Name == told.Instance && it.Worker == report.Worker)) continue;
            if (Seen(content, report.Worker, seen) is not { } pinned || pinned == content) continue;
            record = record with
            {
                Revisions = record.Revisions.Select(it => it.Number == revision.Number ? it with { Content = pinned } : it).ToValueList(),
            };
        }

        return record;
    }

    /// <summary>What the service runs with: secrets and configs of the revision in force, and of what still runs beside it.</summary>
    public static ValueList<UsedContent> Uses(ServiceRecord record)
    {
        if (record.Withdrawn && record.Instances.Count == 0) return [];
        if (!record.Revisions.Any(it => ContentUses.Any(it.Spec.Container))) return [];
        HashSet<int> used = [.. record.Instances.Select(it => it.Revision), .. record.Slots.Select(it => it.Revision)];
        if (!record.Withdrawn) used.Add(record.Revision);
        if (record.Rollout is { } rollout) used.Add(rollout.From);
        return record.Revisions.Where(it => used.Contains(it.Number))
            .SelectMany(revision => Kinds.SelectMany(kind => ContentUses.Of(revision.Spec.Container, kind).Select(use => new UsedContent(
                kind, use.Name, ContentUses.VersionIn(revision.Content, kind, use.Name) ?? 0,
                revision.Number == record.Revision && !record.Withdrawn, use.Follows, Offered(record, kind, use.Name)))))
            .Distinct().OrderBy(it => it.Kind).ThenBy(it => it.Name, StringComparer.Ordinal).ThenBy(it => it.Version).ToValueList();
    }

    private static int Offered(ServiceRecord record, ContentKind kind, string name) =>
        record.Revisions.Where(it => it.Number >= record.FirstRevision)
            .Select(it => ContentUses.VersionIn(it.Content, kind, name) ?? 0).DefaultIfEmpty(0).Max();

    private static PinnedContent? Seen(PinnedContent content, string worker, ImageSeen seen) =>
        seen.Digest is { } digest && content.ImageIds.Count == 0 ? content with { Digest = digest }
        : seen.Id is { } id && content.ImageIds[worker] is null
            ? content with { ImageIds = new(content.ImageIds.Append(new(worker, id))) } : null;

    private static ValueList<PinnedVersion> Versions(
        ContentKind kind, ServiceSpec spec, RevisionRecord? before, ContentRecord? known, bool all)
    {
        List<PinnedVersion> pinned = [];
        foreach (var (name, follows) in ContentUses.Of(spec.Container, kind))
        {
            var old = before is null ? null : ContentUses.VersionIn(before.Content, kind, name);
            var version = old is not null && !follows && !all ? old : known?.Find(kind, name)?.Newest ?? old;
            if (version is { } number) pinned.Add(new(name, number));
        }

        return pinned.ToValueList();
    }

    private static string Bytes(PinnedContent content) => content.Digest is { } digest ? ImageReference.Brief(digest)
        : content.ImageIds.Count == 0 ? "unknown"
        : string.Join(", ", content.ImageIds.Select(it => $"{ImageReference.Brief(it.Value)} on {it.Key}"));
}
