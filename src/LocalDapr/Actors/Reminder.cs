namespace LocalDapr.Actors;

internal readonly record struct ReminderKey(ActorAddress Actor, string Name)
{
    public override string ToString() => $"{Actor}/{Name}";
}

/// <summary>A reminder as registered, and where it stands. Registering again makes a new version with a new schedule.</summary>
internal sealed record Reminder(ReminderKey Key, long Version, ReminderRequest Request, ReminderSchedule Schedule);
