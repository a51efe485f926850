using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orchestrator.ServiceDefaults.Telemetry;

/// <summary>Where the orchestrator's own spans and instruments come from; the name is what listeners subscribe to.</summary>
public static class OrchestratorTelemetry
{
    public const string Name = "Orchestrator";

    /// <summary>Begins spans; none is made while nobody listens.</summary>
    public static ActivitySource Spans { get; } = new(Name);

    /// <summary>Makes instruments. They belong to the factory, so that two applications in one test keep their figures apart.</summary>
    public static Meter CreateMeter(this IMeterFactory meters) => meters.Create(Name);
}
