namespace Orchestrator.Contracts.Instances;

/// <summary>What caused the end of an instance, as its worker knows it.</summary>
public enum EndCause
{
    /// <summary>The program itself: it exited, crashed, or never came to run.</summary>
    Program,

    /// <summary>The program wanted more memory than it may have.</summary>
    OutOfMemory,

    /// <summary>It was told to end because its probe found it unhealthy.</summary>
    Probe,

    /// <summary>The container engine stopped or restarted.</summary>
    Engine,

    /// <summary>The machine restarted or lost its power.</summary>
    Machine,

    /// <summary>Somebody stopped, killed or removed the container without asking us.</summary>
    Person,

    /// <summary>An order of the control plane.</summary>
    Order,

    /// <summary>The lease ran out (or was about to), and this instance may run once only; ended by the worker itself or by its guard.</summary>
    Lease,

    /// <summary>The worker was told to stop and ended what may run once only before it left, so that it can be replaced at once.</summary>
    HandedBack,
}

public static class EndCauses
{
    /// <summary>
    /// Whether the program has to answer for it: such ends count as failures or completion. A report without a cause is taken for one.
    /// </summary>
    public static bool IsOwn(this EndCause? cause) => cause is null or EndCause.Program or EndCause.OutOfMemory or EndCause.Probe;
}
