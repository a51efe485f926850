using System.Globalization;
using System.Text;

namespace LocalDapr.Launch;

/// <summary>
/// Processes of an earlier run in the same folder whose LocalDapr was killed. Every process we start carries the folder in its environment,
/// so that what it started is found too, and a reused process id never misleads.
/// </summary>
internal sealed class Leftovers(string folder, TimeProvider clock)
{
    private const string Mark = "LOCALDAPR_FOLDER";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>What to put into the environment of each process.</summary>
    public IReadOnlyDictionary<string, string> Marks { get; } = new Dictionary<string, string> { [Mark] = folder };

    /// <summary>How many there are now.</summary>
    public int Count => Find().Count;

    /// <summary>Ends them; answers how many there were. Call it only while no other LocalDapr runs on the folder.</summary>
    public async Task<int> EndAsync(CancellationToken cancel)
    {
        var found = Find();
        if (found.Count == 0) return 0;
        foreach (var pid in found) Signals.Send(pid, Signals.Terminate);

        var begin = clock.GetTimestamp();
        while (Find().Count > 0 && clock.GetElapsedTime(begin) < Grace) await Task.Delay(Pause, clock, cancel);
        foreach (var pid in Find()) Signals.Send(pid, Signals.Kill);
        while (Find() is { Count: > 0 } stubborn)
        {
            if (clock.GetElapsedTime(begin) > 2 * Grace)
                throw new InvalidOperationException($"processes of an earlier run cannot be ended: {string.Join(", ", stubborn)}");
            await Task.Delay(Pause, clock, cancel);
        }

        return found.Count;
    }

    private List<int> Find()
    {
        var wanted = Encoding.UTF8.GetBytes($"{Mark}={folder}");
        var pids = new List<int>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && pid != Environment.ProcessId && Carries(process, wanted))
                pids.Add(pid);
        }

        return pids;
    }

    private static bool Carries(string process, byte[] wanted)
    {
        try
        {
            var all = File.ReadAllBytes($"{process}/environ").AsSpan();
            foreach (var variable in MemoryExtensions.Split<byte>(all, 0))
            {
                if (all[variable].SequenceEqual(wanted)) return true;
            }

            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It ended meanwhile, or belongs to somebody else; then it is none of ours.
        }
    }
}
