using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Orchestrator.ControlPlane.Alarms;

/// <summary>The alarms of this process: a name waits here at most once, whoever asks for it and however often.</summary>
internal sealed class AlarmClock(TimeProvider clock) : IAlarm
{
    private readonly ConcurrentDictionary<string, string> asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset Due, ITimer Timer)> alarms = new(StringComparer.Ordinal);
    private readonly Lock alarmsLock = new();

    // The channel holds each name once, so it is bounded by the number of services.
    private readonly Channel<string> names = Channel.CreateUnbounded<string>();

    public void Now(IEnumerable<string> services, string why)
    {
        foreach (var service in services)
        {
            if (asked.TryAdd(service, why)) names.Writer.TryWrite(service);
        }
    }

    public void At(string service, DateTimeOffset? time)
    {
        lock (alarmsLock)
        {
            if (time is { } due) Set(service, due);
            else if (alarms.Remove(service, out var before)) before.Timer.Dispose();
        }
    }

    public void NoLaterThan(string service, DateTimeOffset time)
    {
        lock (alarmsLock)
        {
            if (!alarms.TryGetValue(service, out var alarm) || alarm.Due > time) Set(service, time);
        }
    }

    /// <summary>Waits for the next service that should look again.</summary>
    public async Task<(string Service, string Why)> Next(CancellationToken cancel)
    {
        var service = await names.Reader.ReadAsync(cancel);
        asked.TryRemove(service, out var why);
        return (service, why ?? "");
    }

    private void Set(string service, DateTimeOffset due)
    {
        if (alarms.Remove(service, out var before)) before.Timer.Dispose();
        var timer = clock.CreateTimer(_ => Ring(service, due), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        alarms[service] = (due, timer);
        // Only now, because a timer that is due may ring before this returns.
        var wait = due - clock.GetUtcNow();
        timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Ring(string service, DateTimeOffset due)
    {
        lock (alarmsLock)
        {
            if (!alarms.TryGetValue(service, out var alarm) || alarm.Due != due) return;
            alarms.Remove(service);
            alarm.Timer.Dispose();
        }

        Now([service], "its time has come");
    }
}
