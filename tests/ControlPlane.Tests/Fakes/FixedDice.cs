namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>Always falls on the same number.</summary>
internal sealed class FixedDice(double number = 0.5) : Random
{
    public override double NextDouble() => number;
}
