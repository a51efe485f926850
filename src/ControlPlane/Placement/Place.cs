using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Placement;

/// <summary>What an instance takes up on its worker, and its successor may have when it has ended.</summary>
/// <param name="Worker">Where it is in the fleet.</param>
internal sealed record Place(int Worker, ResourceAmount Reserve, ValueList<PortMapping> Ports)
{
    public void Lift(Fleet fleet) => fleet.Lift(Worker, Reserve, Ports);

    public void PutBack(Fleet fleet) => fleet.PutBack(Worker, Reserve, Ports);
}
