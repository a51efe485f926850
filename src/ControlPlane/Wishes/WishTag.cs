using System.Globalization;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>Names the state of a wish, so that a change can be made dependent on what its asker has seen.</summary>
internal static class WishTag
{
    /// <summary>The revision, because a rollout returns to another one by itself, and the number of changes.</summary>
    public static string? Of(ServiceRecord? record) => record is null or { Withdrawn: true } ? null
        : string.Create(CultureInfo.InvariantCulture, $"{record.Revision}.{record.Changes}");

    /// <summary>Why a change must not be made, because the wish is not the one that its asker means; none when it may be made.</summary>
    public static string? Objection(ServiceRecord? record, ServiceChangeRequest request)
    {
        if (Of(record) is not { } tag)
            return request is { IfMatch: not null, Change: CreateService } ? "there is no service that could have a tag" : null;
        if (request.IfNoneMatch is { } unwanted && Has(unwanted, tag)) return $"the service is at \"{tag}\"; {LastChange(record!)}";
        if (request.IfMatch is { } wanted && !Has(wanted, tag)) return $"the service is at \"{tag}\" by now; {LastChange(record!)}";
        return null;
    }

    private static bool Has(ValueList<string> tags, string tag) => tags.Any(it => it == "*" || it == tag);

    private static string LastChange(ServiceRecord record)
    {
        HistoryEvent? last = null;
        foreach (var it in record.History)
        {
            // What the service decides by itself counts when it returns to another revision.
            if (it.Who is not null || it.Kind == HistoryKind.Rollout && it.Revision != last?.Revision) last = it;
        }

        return last is null ? "who changed it is no longer known"
            : string.Create(CultureInfo.InvariantCulture, $"{last.Who ?? "the service itself"} changed it at {last.At:u}: {last.What}");
    }
}
