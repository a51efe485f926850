namespace Orchestrator.WorkerAgent.Docker;

/// <summary>What others wrote, as it is told on: one line, and not too long.</summary>
internal static class OneLine
{
    private const int Longest = 200;

    public static string Of(string? text)
    {
        var line = string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd(' ', ':');
        return line.Length > Longest ? line[..(Longest - 1)] + "…" : line;
    }
}
