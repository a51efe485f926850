namespace Orchestrator.ControlPlane.Maintenance;

/// <summary>Carries maintenance on, outside of requests.</summary>
internal interface IMaintenanceWork
{
    /// <summary>There is something to do, or there may be. It never fails, and may be asked as often as one likes.</summary>
    void Begin();
}
