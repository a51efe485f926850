namespace Orchestrator.ControlPlane.Records;

/// <summary>A slot has volumes on a worker: its next instance belongs there too, also when the slot has been away in between.</summary>
/// <param name="Released">A person lets go: it may begin elsewhere, with empty ones.</param>
internal sealed record VolumePin(int Slot, string Worker, bool Released = false);
