using Dapr.Actors;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Actors;

/// <summary>The actor that knows which services exist, since actors cannot be listed. It waits for no other actor.</summary>
public interface IServiceDirectory : IActor
{
    /// <summary>All names in order.</summary>
    Task<ValueList<string>> Names();

    Task Add(string service);

    Task Remove(string service);
}
