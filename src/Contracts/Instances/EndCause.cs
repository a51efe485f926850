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

    /// <summary>
    /// It never came to run, for the worker or its engine could not do it: no space, a port taken by somebody else, an error of the engine.
    /// </summary>
    Worker,

    /// <summary>It never came to run, for its image could not be pulled there.</summary>
    Image,

    /// <summary>The container engine stopped or restarted.</summary>
    Engine,

    /// <summary>The machine restarted or lost its power.</summary>
    Machine,

    /// <summary>Somebody stopped, killed or removed the container without asking us.</summary>
    Person,

    /// <summary>An order of the control plane.</summary>
    Order,

    /// <summary>The lease ran out and this instance may run once only: the worker ended it itself, or its guard did.</summary>
    Lease,

    /// <summary>The worker was told to stop and ended what may run once only before it left, so that it can be replaced at once.</summary>
    HandedBack,
}

public static class EndCauses
{
    /// <summary>Whether it is the worker's failure, as long as another worker can run it.</summary>
    public static bool IsWorkers(this EndCause? cause) => cause is EndCause.Worker or EndCause.Image;

    /// <summary>
    /// Whether the program has to answer for it: such ends count as failures or completion. A report without a cause is taken for one.
    /// </summary>
    public static bool IsOwn(this EndCause? cause) => cause is null or EndCause.Program or EndCause.OutOfMemory or EndCause.Probe;
}
