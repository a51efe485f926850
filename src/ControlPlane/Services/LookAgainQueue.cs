using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// Services that should decide again, now or at a time, asked by anything in this process. A name waits here at most once; what is lost with the
/// process is found again by the reminders and the sweep.
/// </summary>
internal sealed class LookAgainQueue(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, string> asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ITimer> timers = new(StringComparer.Ordinal);
    private readonly Channel<string> names = Channel.CreateUnbounded<string>();

    /// <summary>Asks now; a service that is asked already is not asked twice.</summary>
    public void Enqueue(IEnumerable<string> services, string why)
    {
        foreach (var service in services)
        {
            // The channel holds each name once, so it is bounded by the number of services.
            if (asked.TryAdd(service, why)) names.Writer.TryWrite(service);
        }
    }

    /// <summary>Asks at a time; a later call for the same service replaces an earlier one, null cancels it.</summary>
    public void At(string service, DateTimeOffset? time)
    {
        if (timers.TryRemove(service, out var before)) before.Dispose();
        if (time is not { } due) return;
        var wait = due - clock.GetUtcNow();
        timers[service] = clock.CreateTimer(
            _ => Enqueue([service], "its time has come"), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public async Task<(string Service, string Why)> Next(CancellationToken cancel)
    {
        var service = await names.Reader.ReadAsync(cancel);
        asked.TryRemove(service, out var why);
        return (service, why ?? "");
    }
}
