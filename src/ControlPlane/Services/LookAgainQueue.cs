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
    private readonly Dictionary<string, (DateTimeOffset Due, ITimer Timer)> alarms = new(StringComparer.Ordinal);
    private readonly Lock alarmsLock = new();

    // The channel holds each name once, so it is bounded by the number of services.
    private readonly Channel<string> names = Channel.CreateUnbounded<string>();

    /// <summary>Asks now; a service that is asked already is not asked twice.</summary>
    public void Enqueue(IEnumerable<string> services, string why)
    {
        foreach (var service in services)
        {
            if (asked.TryAdd(service, why)) names.Writer.TryWrite(service);
        }
    }

    /// <summary>Asks at a time; replaces what was set for the service before, null cancels it.</summary>
    public void At(string service, DateTimeOffset? time)
    {
        lock (alarmsLock)
        {
            if (time is { } due) Set(service, due);
            else if (alarms.Remove(service, out var before)) before.Timer.Dispose();
        }
    }

    /// <summary>Asks at a time, unless the service is to be asked earlier anyway.</summary>
    public void NoLaterThan(string service, DateTimeOffset time)
    {
        lock (alarmsLock)
        {
            if (!alarms.TryGetValue(service, out var alarm) || alarm.Due > time) Set(service, time);
        }
    }

    public async Task<(string Service, string Why)> Next(CancellationToken cancel)
    {
        var service = await names.Reader.ReadAsync(cancel);
        asked.TryRemove(service, out var why);
        return (service, why ?? "");
    }

    private void Set(string service, DateTimeOffset due)
    {
        if (alarms.Remove(service, out var before)) before.Timer.Dispose();
        var wait = due - clock.GetUtcNow();
        var timer = clock.CreateTimer(_ => Ring(service, due), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        alarms[service] = (due, timer);
    }

    private void Ring(string service, DateTimeOffset due)
    {
        lock (alarmsLock)
        {
            if (!alarms.TryGetValue(service, out var alarm) || alarm.Due != due) return;
            alarms.Remove(service);
            alarm.Timer.Dispose();
        }

        Enqueue([service], "its time has come");
    }
}
