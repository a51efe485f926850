using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>What the keepers of stacks ask of the world around them; shared by all keepers of a master.</summary>
internal sealed record StackPorts(IStackList List, IStackWork Work);

/// <summary>
/// Which stacks there are, since actors cannot be listed. A name may be there without a stack; never the other way round.
/// </summary>
internal interface IStackList
{
    /// <summary>The stack is listed for good once this returns.</summary>
    /// <returns>No deployment of a stack that is gone had a higher number.</returns>
    /// <exception cref="Records.StoreTroubleException">The store does not answer.</exception>
    Task<long> Expect(string stack);

    /// <summary>Nothing is left of the stack.</summary>
    /// <param name="last">The highest number of a deployment of it.</param>
    /// <exception cref="Records.StoreTroubleException">The store does not answer.</exception>
    Task Leave(string stack, long last);

    /// <summary>By name.</summary>
    /// <exception cref="Records.StoreTroubleException">The store does not answer.</exception>
    Task<ValueList<string>> Names();
}

/// <summary>Carries deployments out, outside the turn that decided them.</summary>
internal interface IStackWork
{
    /// <summary>
    /// There is something to do, or there may be: it begins, or looks again. It never fails, and may be asked as often as one likes.
    /// </summary>
    void Begin(string stack);
}

/// <summary>
/// The durable way in which a stack's keeper is woken while something is to be done; it also brings it back after its host died.
/// </summary>
internal interface IStackReminder
{
    Task Set();

    Task Clear();
}
