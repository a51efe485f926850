using System.Globalization;

namespace Orchestrator.WorkerAgent.Machine;

/// <summary>A process that is not mistaken for a later one of the same number.</summary>
/// <param name="Started">In clock ticks since the machine started, as text.</param>
internal sealed record ProcessMark(int Pid, string Started)
{
    public static ProcessMark? Own { get; } = Of(Environment.ProcessId);

    public bool IsAlive => Of(Pid) == this;

    /// <summary>None when there is no such process, or the system does not show it.</summary>
    public static ProcessMark? Of(int pid)
    {
        try
        {
            // The 22nd field; the second is a name in brackets that may hold anything.
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return new(pid, text[(text.LastIndexOf(')') + 2)..].Split(' ')[19]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
