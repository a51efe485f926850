using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.Simulation.Tests.Protocol;

/// <summary>The model's time goes in steps of half a second; a lease is eight of them, so that stories stay short.</summary>
internal static class Quanta
{
    public static readonly TimeSpan One = TimeSpan.FromMilliseconds(500);

    /// <summary>Kept free at the end of a lease.</summary>
    public static readonly TimeSpan Margin = One * 2;

    /// <summary>What a late answer to a renewal is still worth having for.</summary>
    public static readonly TimeSpan Patience = One * 2;

    /// <summary>So long an order counts.</summary>
    public static readonly TimeSpan LongestOrder = One * 4;

    public static readonly LivenessRules Rules = new() { SuspectAfter = One * 5, LostAfter = One * 8 };

    /// <summary>Between two renewals.</summary>
    public const int Beat = 2;
}

/// <summary>A part of the protocol that a test takes out to see that the model misses it.</summary>
internal enum TakenOut
{
    Nothing,

    /// <summary>Workers use their lease to its end.</summary>
    Margin,

    /// <summary>When the brake lets go, silence in its time counts.</summary>
    FreshLease,

    /// <summary>Nobody ends containers but the agent.</summary>
    Guard,

    /// <summary>Workers take orders that were given before they were heard again.</summary>
    AgeOfOrders,
}
