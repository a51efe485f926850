using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Answers;

/// <summary>Says in words where the instances of a service run other bytes than their revision, or than each other.</summary>
internal static class ContentNotes
{
    public static ValueList<string> Of(ServiceRecord record, Observations observed) =>
        Differences(record).Concat(Strangers(record, observed)).ToValueList();

    /// <summary>
    /// An image that was built on the workers may be another one on each, and a tag may have moved before some of them pulled it.
    /// </summary>
    private static IEnumerable<string> Differences(ServiceRecord record)
    {
        if (record.FindRevision(record.Revision) is not { Content: var content } revision) yield break;
        var image = revision.Spec.Container.Image;
        if (content is { Digest: { } digest, Differing: { } differing })
            yield return $"{image} was not the same everywhere when revision {revision.Number} was bound to "
                + $"{ImageReference.Brief(digest)}: {Where(differing)}";
        if (content.Digest is null && content.ImageIds.DistinctBy(it => it.Value).Skip(1).Any())
            yield return $"{image} has no digest that a registry knows, and is not the same everywhere: {Where(content.ImageIds)}";
    }

    private static string Where(ValueMap bytes) => string.Join("; ",
        bytes.GroupBy(it => it.Value, it => it.Key).Select(it => $"{ImageReference.Brief(it.Key)} on {string.Join(", ", it)}"));

    /// <summary>What began before the revision was bound.</summary>
    private static IEnumerable<string> Strangers(ServiceRecord record, Observations observed)
    {
        foreach (var instance in record.Instances)
        {
            if (record.FindRevision(instance.Revision)?.Content.Digest is not { } digest) continue;
            if (observed.Find(instance.Name) is not { IsLive: true, Report.Image: { } image } || image.Digest == digest) continue;
            var runs = ImageReference.Brief(image.Digest ?? image.Id ?? "another image");
            yield return $"{instance.Name} on {instance.Worker} runs {runs} and not {ImageReference.Brief(digest)}: it began before that "
                + $"was known; restart the service to have one everywhere";
        }
    }
}
