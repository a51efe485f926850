namespace Orchestrator.WorkerAgent.Instances;

/// <summary>Told before a running instance is stopped, so that nobody is sent there any more.</summary>
internal interface IDepartures
{
    /// <summary>
    /// Returns when nobody finds the instance any more, or soon when that cannot be had; it never stands in the way of a stop.
    /// </summary>
    Task Leave(Instance instance, CancellationToken cancel);
}

/// <summary>Instances are registered nowhere.</summary>
internal sealed class NoDepartures : IDepartures
{
    public Task Leave(Instance instance, CancellationToken cancel) => Task.CompletedTask;
}
