using System.Text;

namespace LocalDapr.Launch;

/// <summary>Splits what a process writes into lines; one that never ends is cut, so that it cannot fill our memory.</summary>
internal static class OutputLines
{
    public const int LongestLine = 16 * 1024;

    /// <summary>Reads until the other end closes.</summary>
    public static async Task ReadAsync(TextReader reader, Action<string> line)
    {
        var buffer = new char[4096];
        var begun = new StringBuilder();
        while (await reader.ReadAsync(buffer) is > 0 and var count)
        {
            for (var rest = buffer.AsMemory(0, count); !rest.IsEmpty;)
            {
                var end = rest.Span.IndexOf('\n');
                var part = end < 0 ? rest : rest[..end];
                rest = end < 0 ? default : rest[(end + 1)..];
                begun.Append(part[..Math.Min(part.Length, LongestLine - begun.Length)]);
                if (end < 0 && begun.Length < LongestLine) continue;
                Emit();
            }
        }

        if (begun.Length > 0) Emit();

        void Emit()
        {
            line(begun.ToString().TrimEnd('\r'));
            begun.Clear();
        }
    }
}
