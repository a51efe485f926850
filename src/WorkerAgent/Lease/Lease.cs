namespace Orchestrator.WorkerAgent.Lease;

/// <summary>
/// The right to be counted among the living until <see cref="Ends"/>. Times are those of a monotonic clock, since any fixed moment.
/// </summary>
/// <param name="Sent">When the renewal was sent, not when it was answered: the registry cannot have counted from earlier.</param>
/// <param name="WishedMargin">The time that stopping takes, kept free at the end of the lease; never more than a third of it.</param>
internal sealed record Lease(TimeSpan Sent, TimeSpan Length, TimeSpan WishedMargin)
{
    public TimeSpan Ends => Sent + Length;

    /// <summary>A timer that comes later than this shows that the process itself did not run.</summary>
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(150);

    private TimeSpan Margin => Length / 3 < WishedMargin ? Length / 3 : WishedMargin;

    /// <summary>From here on instances that may run once only are being stopped, so that they have ended when the lease does.</summary>
    public TimeSpan StopAt => Ends - Margin;

    /// <summary>How long such an instance may take to end by itself before it is killed.</summary>
    public TimeSpan StopGrace => Margin / 3;

    /// <summary>From here on the guard kills what is left: half of the margin is the agent's, the other half the guard's.</summary>
    public TimeSpan KillAt => Ends - (Margin / 2);

    public bool Holds(TimeSpan now) => now < StopAt;

    /// <summary>The longer of two; answers may overtake each other.</summary>
    public Lease Or(Lease other) => other.Ends > Ends ? other : this;

    /// <summary>
    /// What is left of the lease of an earlier agent of this worker, which goes on until its own end: the control plane counts from its
    /// last word.
    /// </summary>
    /// <param name="left">Until the guard's moment; negative when that has passed.</param>
    public static Lease Inherited(TimeSpan left, TimeSpan margin) =>
        left <= TimeSpan.Zero ? new(TimeSpan.Zero, TimeSpan.Zero, margin)
        // So long that the guard's moment is the same; of a short one the margin is a third.
        : new(TimeSpan.Zero, left >= margin * 2.5 ? left + (margin / 2) : left * 1.2, margin);

    /// <summary>What its holder has to do.</summary>
    /// <param name="due">When it should have looked.</param>
    /// <param name="hadLastChance">Whether its own time out of action has been taken into account already.</param>
    public LeaseMove MoveAt(TimeSpan now, TimeSpan due, bool hadLastChance)
    {
        // A timer may come a few milliseconds early by this clock; nobody else would look again.
        var until = hadLastChance ? KillAt : StopAt;
        if (now < until) return new(until, hadLastChance);
        // The process did not run: what it did not ask, nobody could answer. It asks now, and has until the guard would act.
        if (!hadLastChance && now - due > Lateness && now < KillAt) return new(KillAt, HadLastChance: true);
        return new(null, hadLastChance, now < KillAt ? StopGrace : TimeSpan.Zero);
    }
}

/// <summary>What the holder of a lease does at a moment.</summary>
/// <param name="LookAgainAt">It holds until then, at least; null when what may run once only has to stop.</param>
/// <param name="HadLastChance">Whether the holder's own time out of action has been taken into account.</param>
/// <param name="Grace">How long what has to stop may take.</param>
internal readonly record struct LeaseMove(TimeSpan? LookAgainAt, bool HadLastChance, TimeSpan Grace = default);
