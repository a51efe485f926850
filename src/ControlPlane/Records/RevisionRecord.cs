using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Records;

/// <summary>One wish for the containers of a service that was in force: by whom, when and why.</summary>
internal sealed record RevisionRecord
{
    public required int Number { get; init; }
    public required ServiceSpec Spec { get; init; }
    public string Who { get; init; } = "";
    public required DateTimeOffset When { get; init; }
    public string Why { get; init; } = "";

    /// <summary>The bytes that it is bound to.</summary>
    public PinnedContent Content { get; init; } = new();

    /// <summary>See <see cref="Fingerprint"/>; none in a record of an earlier version.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>
    /// An instance of it has served for the time of the watch, or has done its work: only such a revision is worth returning to.
    /// </summary>
    public bool Proven { get; init; }

    /// <summary>Slots that are not in this revision now have used attempts up to this number in it, so names begin after it.</summary>
    public int Attempts { get; init; }
}
