namespace Orchestrator.ControlPlane.Reconciliation;

internal static class Rebalancing
{
    public static void Consider(Turn turn) => _ = turn;
}
