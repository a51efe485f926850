namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>What is known of a decided instance.</summary>
internal enum Standing
{
    /// <summary>Its worker has not been heard since this activation: nothing is concluded.</summary>
    Unheard,

    /// <summary>Not reported yet: its order may be on its way.</summary>
    Placed,

    /// <summary>Made ready to be started, which waits for the end of its predecessor.</summary>
    Prepared,
    Starting,

    /// <summary>Running, and its probe has not said healthy.</summary>
    Unready,
    Ready,
    Stopping,
    Ended,

    /// <summary>Its worker is lost.</summary>
    Lost,
}
