namespace Orchestrator.Simulation.Tests;

/// <summary>How bad the world is: probabilities of a message, of a save, and disasters per hour.</summary>
internal sealed record Faults(double Lost, double Late, double Twice, double CrashAfterSave, double PerHour)
{
    public static Faults None { get; } = new(0, 0, 0, 0, 0);
}
