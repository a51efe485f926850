namespace Conformance.Apps;

/// <summary>The actor types of the world. A type lives in exactly one app id, because state keys carry the app id.</summary>
public static class ActorTypes
{
    /// <summary>In <c>conformance-a</c>, written with the SDK.</summary>
    public const string Counter = "Counter", Alarm = "Alarm", Napper = "Napper", Chain = "Chain";

    /// <summary>In <c>conformance-b</c>, written with the SDK: the other half of a reentrant chain.</summary>
    public const string Link = "Link";

    /// <summary>In <c>conformance-b</c>, plain HTTP answered by a <see cref="Script"/>: strict turns, reentrant, soon idle.</summary>
    public const string Wire = "Wire", Loop = "Loop", Brief = "Brief";

    public static IReadOnlyList<string> All => [Counter, Alarm, Napper, Chain, Link, Wire, Loop, Brief];
}
