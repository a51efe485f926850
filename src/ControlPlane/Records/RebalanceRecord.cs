namespace Orchestrator.ControlPlane.Records;

/// <summary>A person asked for even spread; work goes on until no move is worth it.</summary>
/// <param name="Moves">Moves so far; bounded, so that figures that swing cannot keep it going.</param>
internal sealed record RebalanceRecord(DateTimeOffset Since, int Moves = 0);
