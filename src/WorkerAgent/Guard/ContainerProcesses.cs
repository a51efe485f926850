using System.Globalization;
using System.Runtime.InteropServices;

namespace Orchestrator.WorkerAgent.Guard;

/// <summary>The processes of a container, told from the others by the control group that the engine puts them into.</summary>
internal static partial class ContainerProcesses
{
    private const int Sigkill = 9;

    /// <summary>A container that starts processes while it is being killed is looked at so often; the next look goes on.</summary>
    private const int MostRounds = 20;

    /// <summary>
    /// Kills all that are found, and those that they have started meanwhile; answers how many were killed. None are found when the engine
    /// is on another machine, none are killed without the right to.
    /// </summary>
    public static int Kill(string container)
    {
        HashSet<int> killed = [];
        for (var round = 0; round < MostRounds; round++)
        {
            var before = killed.Count;
            foreach (var pid in Of(container))
            {
                if (Signal(pid, Sigkill) == 0) killed.Add(pid);
            }

            if (killed.Count == before) break;
        }

        return killed.Count;
    }

    public static bool Any(string container) => Of(container).Count > 0;

    private static List<int> Of(string container)
    {
        List<int> pids = [];
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && IsIn(container, process) && !IsDead(process))
                pids.Add(pid);
        }

        return pids;
    }

    private static bool IsIn(string container, string process) =>
        Read($"{process}/cgroup").Contains(container, StringComparison.Ordinal);

    /// <summary>A zombie waits for its parent and is killed no deader.</summary>
    private static bool IsDead(string process) =>
        Read($"{process}/stat") is var stat
        && (stat.Length == 0 || stat[(stat.LastIndexOf(')') + 1)..].StartsWith(" Z", StringComparison.Ordinal));

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended meanwhile.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int pid, int signal);
}
