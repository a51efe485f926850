using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Simulation.Tests.Protocol;

/// <summary>Goes through every story up to a length, the short ones first, and never twice through what goes on in the same ways.</summary>
internal sealed class Explorer(int moments)
{
    private readonly HashSet<UInt128> seen = [];

    /// <summary>Clusters looked at.</summary>
    public int Seen => seen.Count;

    /// <returns>The shortest story that breaks a promise, a line for each thing that happens; null when none does.</returns>
    public IReadOnlyList<string>? FindBroken(Cluster begin)
    {
        var waiting = new Queue<Story>([new Story(begin, "", null)]);
        while (waiting.TryDequeue(out var story))
        {
            foreach (var (what, after) in story.Now.Choices())
            {
                if (after.Broken is { } broken) return [.. new Story(after, what, story).Lines(), broken];
                if (after.Time <= moments && seen.Add(Print(after))) waiting.Enqueue(new Story(after, what, story));
            }
        }

        return null;
    }

    private static UInt128 Print(Cluster cluster)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(cluster.Key), hash);
        return BitConverter.ToUInt128(hash);
    }

    private sealed record Story(Cluster Now, string What, Story? Before)
    {
        public IEnumerable<string> Lines() => Before is null ? []
            : Before.Lines().Append($"{Now.Time * Quanta.One.TotalSeconds:0.0} s  {What}");
    }
}
