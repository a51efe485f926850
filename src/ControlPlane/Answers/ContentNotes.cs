using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Answers;

/// <summary>Says in words where the instances of a service run other bytes than their revision, or than each other.</summary>
internal static class ContentNotes
{
    public static ValueList<string> Of(ServiceRecord record, Observations observed) =>
        Differences(record).Concat(Strangers(record, observed)).ToValueList();

    /// <summary>An image that was built on the workers may be another one on each.</summary>
    private static IEnumerable<string> Differences(ServiceRecord record)
    {
        if (record.FindRevision(record.Revision) is not { Content: { Digest: null } content } revision) yield break;
        var ids = content.ImageIds.GroupBy(it => it.Value, it => it.Key).ToList();
        if (ids.Count < 2) yield break;
        var image = revision.Spec.Container.Image;
        var where = ids.Select(it => $"{ImageReference.Brief(it.Key)} on {string.Join(", ", it)}");
        yield return $"{image} has no digest that a registry knows, and is not the same everywhere: {string.Join("; ", where)}";
    }

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
