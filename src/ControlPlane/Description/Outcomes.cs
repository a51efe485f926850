namespace Orchestrator.ControlPlane.Description;

/// <summary>What a problem of status 503 says of a change.</summary>
internal static class Outcomes
{
    public const string NotDone = "not-done";
    public const string InDoubt = "unknown";
}
