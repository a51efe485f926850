using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Services;

/// <summary>What is asked of a service by those who look inside its instances.</summary>
internal sealed partial class ServiceKeeper
{
    /// <summary>None when the revision is no longer kept.</summary>
    public async Task<ContainerSpec?> Asked(int revision)
    {
        var (exists, _) = await ExistsOrDid();
        return exists ? Record!.FindRevision(revision)?.Spec.Container : null;
    }
}
