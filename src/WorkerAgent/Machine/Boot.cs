namespace Orchestrator.WorkerAgent.Machine;

/// <summary>Which life of the machine this is.</summary>
internal static class Boot
{
    private const string File = "/proc/sys/kernel/random/boot_id";

    /// <summary>None where the kernel does not tell it.</summary>
    public static string? Id { get; } = System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File).Trim() : null;
}
