namespace Orchestrator.Cli.Suggestions;

/// <summary>What somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary><c>; did you mean web?</c>, or nothing where nothing is near.</summary>
    public static string DidYouMean(string typed, IEnumerable<string> known) =>
        To(typed, known).Take(2).ToList() is { Count: > 0 } near ? $"; did you mean {string.Join(" or ", near)}?" : "";

    /// <summary>The nearest first; a third of its letters may be wrong, or it may be the beginning.</summary>
    public static IEnumerable<string> To(string typed, IEnumerable<string> known) => known
        .Select(it => (Word: it, Distance: it.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(typed, it)))
        .Where(it => it.Distance <= Math.Max(1, Math.Min(it.Word.Length, typed.Length) / 3))
        .OrderBy(it => it.Distance).ThenBy(it => it.Word, StringComparer.Ordinal).Select(it => it.Word);

    /// <summary>How many letters must be put in, left out, changed or swapped with their neighbour.</summary>
    public static int Distance(string from, string to)
    {
        var d = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= to.Length; j++) d[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var change = char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[from.Length, to.Length];
    }
}
