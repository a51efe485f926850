namespace Orchestrator.WorkerAgent.Lease;

/// <summary>
/// The right to be counted among the living until <see cref="Ends"/>. Times are those of a monotonic clock, since any fixed moment.
/// </summary>
/// <param name="Sent">When the renewal was sent, not when it was answered: the registry cannot have counted from earlier.</param>
/// <param name="WishedMargin">The time that stopping takes, kept free at the end of the lease; never more than a third of it.</param>
internal sealed record Lease(TimeSpan Sent, TimeSpan Length, TimeSpan WishedMargin)
{
    public TimeSpan Ends => Sent + Length;

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
}
