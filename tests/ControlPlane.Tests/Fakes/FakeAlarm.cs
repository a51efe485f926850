using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Alarms;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>Writes down who is to look again and when, counted from the start: <c>alarm for web at 1s</c>.</summary>
internal sealed class FakeAlarm(List<string> journal) : IAlarm
{
    public void Now(IEnumerable<string> services, string why) => journal.AddRange(services.Select(service => $"wakes {service}: {why}"));

    public void At(string service, DateTimeOffset? time) =>
        journal.Add(time is { } at ? $"alarm for {service} at {Since(at)}" : $"no alarm for {service}");

    public void NoLaterThan(string service, DateTimeOffset time) => journal.Add($"alarm for {service} no later than {Since(time)}");

    private static string Since(DateTimeOffset time) => Durations.Format(time - CalmCluster.Start);
}
