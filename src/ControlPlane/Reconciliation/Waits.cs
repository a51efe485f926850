namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>What cannot be done yet: why not, whether room is what is missing, and when to look again.</summary>
internal sealed class Waits
{
    public WaitingWords Words { get; } = new();

    /// <summary>Any change of the workers may help.</summary>
    public bool ForRoom { get; set; }

    /// <summary>The earliest moment that somebody asked for; none when only news can change anything.</summary>
    public DateTimeOffset? LookAgainAt { get; private set; }

    public void LookAgain(DateTimeOffset at)
    {
        if (LookAgainAt is null || at < LookAgainAt) LookAgainAt = at;
    }
}
