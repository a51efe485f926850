using System.Collections.Concurrent;

namespace Conformance.World;

/// <summary>What the test applications saw, by subject (an actor id, a message id): the only look inside that the tests have.</summary>
public static class Journal
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Lines = new();

    public static void Note(string subject, string line) => Lines.GetOrAdd(subject, _ => new()).Enqueue(line);

    public static IReadOnlyList<string> Of(string subject) => Lines.TryGetValue(subject, out var lines) ? [.. lines] : [];

    /// <summary>Waits until a subject has at least so many lines that begin with <paramref name="start"/>.</summary>
    public static async Task<IReadOnlyList<string>> Has(string subject, string start, int count = 1, int withinSeconds = 15)
    {
        IReadOnlyList<string> Found() => [.. Of(subject).Where(line => line.StartsWith(start, StringComparison.Ordinal))];
        await Eventually.Become(
            () => string.Join(" | ", Of(subject)), _ => Found().Count >= count, TimeSpan.FromSeconds(withinSeconds),
            $"{count} × '{start}' in the journal of {subject}", TestContext.Current.CancellationToken);
        return Found();
    }
}
