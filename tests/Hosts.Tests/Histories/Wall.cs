namespace Orchestrator.Hosts.Histories;

/// <summary>The clock of the one machine that all machines of a bed are: engines, applications and tests share it.</summary>
internal static class Wall
{
    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>For the length of a fault or of a calm; never for something to have happened.</summary>
    public static Task Wait(TimeSpan length, CancellationToken cancel = default) => Task.Delay(length, TimeProvider.System, cancel);

    public static Task WaitUntil(DateTimeOffset moment, CancellationToken cancel = default) =>
        Wait(TimeSpan.FromTicks(Math.Max(0, (moment - Now).Ticks)), cancel);
}
