using System.Text;
using Conformance.World;
using Dapr.Actors;
using Dapr.Actors.Runtime;

namespace Conformance.Apps;

/// <summary>Times in milliseconds; a period of -1 means once.</summary>
public sealed record Ring(string Name, int Due, int Period = -1, int Times = 0, int Ttl = 0, string Text = "ring");

public interface IAlarm : IActor
{
    Task Hello();
    Task Remind(Ring ring);
    Task Forget(string name);
    Task<string> Look(string name);
    Task StartTimer(Ring ring);
    Task StopTimer(string name);
}

/// <summary>Reminders and timers as the SDK registers them; every ring goes to the journal.</summary>
public sealed class Alarm(ActorHost host, HostName replica) : Actor(host), IAlarm, IRemindable
{
    public Task Hello() => Task.CompletedTask;

    public Task Remind(Ring ring) => (ring.Times, ring.Ttl) switch
    {
        (0, 0) => RegisterReminderAsync(ring.Name, Bytes(ring), Ms(ring.Due), Ms(ring.Period)),
        (0, _) => RegisterReminderAsync(ring.Name, Bytes(ring), Ms(ring.Due), Ms(ring.Period), Ms(ring.Ttl)),
        (_, 0) => RegisterReminderAsync(ring.Name, Bytes(ring), Ms(ring.Due), Ms(ring.Period), ring.Times),
        _ => RegisterReminderAsync(ring.Name, Bytes(ring), Ms(ring.Due), Ms(ring.Period), ring.Times, Ms(ring.Ttl)),
    };

    public Task Forget(string name) => UnregisterReminderAsync(name);

    public async Task<string> Look(string name)
    {
        var reminder = await GetReminderAsync(name);
        return reminder is null ? "(none)"
            : $"{reminder.Name} {Encoding.UTF8.GetString(reminder.State)} {reminder.Period.TotalMilliseconds}";
    }

    public Task StartTimer(Ring ring) => RegisterTimerAsync(ring.Name, nameof(OnTimer), Bytes(ring), Ms(ring.Due), Ms(ring.Period));

    public Task StopTimer(string name) => UnregisterTimerAsync(name);

    public Task OnTimer(byte[] state)
    {
        Journal.Note(Id.GetId(), $"timer {Encoding.UTF8.GetString(state)} on {replica.Value}");
        return Task.CompletedTask;
    }

    public Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period)
    {
        Journal.Note(Id.GetId(),
            $"reminder {reminderName} {Encoding.UTF8.GetString(state)} {dueTime.TotalMilliseconds} {period.TotalMilliseconds} on {replica.Value}");
        return Task.CompletedTask;
    }

    private static byte[] Bytes(Ring ring) => Encoding.UTF8.GetBytes(ring.Text);
    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);
}
