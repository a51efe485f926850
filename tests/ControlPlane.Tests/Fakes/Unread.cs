using Orchestrator.ControlPlane.Telemetry;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>Figures that nobody reads.</summary>
internal static class Unread
{
    public static ControlPlaneMetrics Metrics { get; } = new(NoMeters.Instance);
}
