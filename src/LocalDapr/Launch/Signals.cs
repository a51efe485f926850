using System.Runtime.InteropServices;

namespace LocalDapr.Launch;

/// <summary>Sends signals to a process group; .NET itself can only kill.</summary>
internal static class Signals
{
    public const int Terminate = 15;
    public const int Kill = 9;

    /// <summary>To every process of the group; false when there is none left.</summary>
    public static bool SendToGroup(int group, int signal) => SendSignal(-group, signal) == 0;

    public static bool Send(int pid, int signal) => SendSignal(pid, signal) == 0;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);
}
