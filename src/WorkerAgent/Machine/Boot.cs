using System.Runtime.InteropServices;

namespace Orchestrator.WorkerAgent.Machine;

/// <summary>Which life of the machine this is, and how old it is.</summary>
internal static partial class Boot
{
    private const string File = "/proc/sys/kernel/random/boot_id";

    // CLOCK_BOOTTIME of <linux/time.h>: unlike .NET's own clock it counts the time in which the machine slept, as everybody else does.
    private const int ClockOfBoot = 7;

    /// <summary>None where the kernel does not tell it.</summary>
    public static string? Id { get; } = System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File).Trim() : null;

    /// <summary>Time since the machine started, sleep included.</summary>
    public static TimeSpan Uptime => OperatingSystem.IsLinux() && GetTime(ClockOfBoot, out var time) == 0
        ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick))
        : TimeSpan.FromMilliseconds(Environment.TickCount64);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
