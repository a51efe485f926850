namespace Orchestrator.Client.Problems;

/// <summary>No master answered in time.</summary>
/// <param name="requestId">See <see cref="RequestId"/>.</param>
/// <param name="isInDoubt">See <see cref="IsInDoubt"/>.</param>
/// <param name="isReached">See <see cref="IsReached"/>.</param>
public sealed class NoMasterException(
    string message, bool isReached, bool isInDoubt, string? requestId, Exception? inner) : Exception(message, inner)
{
    /// <summary>Whether a connection to one of them was made at all.</summary>
    public bool IsReached => isReached;

    /// <summary>Whether a master may have carried out what was asked.</summary>
    public bool IsInDoubt => isInDoubt;

    /// <summary>Of a change of a service: asked again with it, the change is carried out once at most.</summary>
    public string? RequestId => requestId;
}
