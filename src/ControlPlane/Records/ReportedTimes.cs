using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Records;

/// <summary>
/// Clocks of two machines are never compared: what a worker tells by its own is translated when it arrives, so that all times of a decision
/// are by one clock.
/// </summary>
internal static class ReportedTimes
{
    /// <summary>What a message may take, or two clocks may differ by, without a difference to any decision.</summary>
    private static readonly TimeSpan Close = TimeSpan.FromSeconds(1);

    /// <param name="now">The receiver's time when the report arrived.</param>
    public static ServiceReport ByClockOf(this ServiceReport report, DateTimeOffset now)
    {
        if (report.SentAt is not { } sent || (now - sent).Duration() <= Close) return report;
        var ahead = now - sent;
        return report with
        {
            SentAt = now,
            Instances = report.Instances
                .Select(told => told with { StartedAt = told.StartedAt + ahead, EndedAt = told.EndedAt + ahead }).ToValueList(),
        };
    }
}
