using System.Globalization;

namespace Orchestrator.Hosts.Bed;

/// <summary>
/// Wall clocks that go wrong while a process runs, by Debian's libfaketime; clocks that only measure how long something takes stay right,
/// as on a machine whose clock is set. It costs a process some of its speed, so that only those get it whose clock is to go wrong.
/// </summary>
internal static class FalseClocks
{
    private static readonly string? Library =
        Directory.Exists("/usr/lib") ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu")
            .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists) : null;

    /// <summary>Why no clock can be set here; none when it can.</summary>
    public static string? WhyNot() => Library is null ? "a clock that goes wrong needs libfaketime (apt-get install libfaketime)" : null;

    /// <summary>Before a program in a shell: it gets a clock that follows the file, if it is started while there is one.</summary>
    public static string Prefix(string file) => Library is null ? "exec" : $"[ ! -e {file} ] || export LD_PRELOAD={Library} "
        + $"FAKETIME_TIMESTAMP_FILE={file} FAKETIME_CACHE_DURATION=1 FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1; exec";

    /// <summary>Within a second the clocks that follow the file are so far ahead, or behind when it is negative.</summary>
    public static async Task Set(string file, TimeSpan ahead)
    {
        // A reader must never see half of it.
        await File.WriteAllTextAsync($"{file}.new", ahead.TotalSeconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture) + "\n");
        File.Move($"{file}.new", file, overwrite: true);
    }
}
