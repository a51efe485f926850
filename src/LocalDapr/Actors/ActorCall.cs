namespace LocalDapr.Actors;

/// <summary>One call of an actor's method, kept whole so that it can be repeated at another owner.</summary>
/// <param name="Method">What follows <c>method/</c>: a method, <c>remind/name</c> or <c>timer/name</c>; not escaped.</param>
/// <param name="Body">The caller's body.</param>
/// <param name="Headers">The caller's headers, forwarded; null for the sidecar's own calls, which are JSON.</param>
/// <param name="Chain">The reentrancy id the caller came with.</param>
internal sealed record ActorCall(string Method, byte[] Body, IHeaderDictionary? Headers = null, string? Chain = null)
{
    /// <summary>Asked when the turn has come: a tick may have been unregistered by the turn that it waited for.</summary>
    public Func<bool>? StillWanted { get; init; }
}
