using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Services;

/// <summary>What a directory remembers of one service.</summary>
internal sealed class DirectoryEntry
{
    /// <summary>The newest line that was told.</summary>
    public required ServiceLine Line { get; set; }

    /// <summary>How the service is; none while nobody has told.</summary>
    public ServiceSummary? Summary { get; set; }

    /// <summary>When it must be asked to look if nothing is heard of it before.</summary>
    public DateTimeOffset? LookAt { get; set; }

    /// <summary>The life of the master whose keeper told the line; none before one has.</summary>
    public string? Home { get; set; }

    /// <summary>When something was last told of it.</summary>
    public required DateTimeOffset ToldAt { get; set; }

    /// <summary>When somebody was last made to ask it, since it was told.</summary>
    public DateTimeOffset AskedAt { get; set; } = DateTimeOffset.MinValue;
}
