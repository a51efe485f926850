using System.Runtime.CompilerServices;

namespace Orchestrator.ServiceDefaults.Streams;

/// <summary>Several streams that are sorted each, as one that is: of each no more than its next value is held.</summary>
public static class SortedMerge
{
    /// <param name="key">By which each source is sorted; compared as bytes are.</param>
    /// <param name="atOnce">So many sources are begun at the same time.</param>
    public static async IAsyncEnumerable<T> Of<T>(
        IEnumerable<IAsyncEnumerable<T>> sources, Func<T, string> key, int atOnce, [EnumeratorCancellation] CancellationToken cancel)
    {
        var open = sources.Select(source => source.GetAsyncEnumerator(cancel)).ToArray();
        try
        {
            var first = new bool[open.Length];
            await Parallel.ForAsync(0, open.Length, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancel },
                async (at, _) => first[at] = await open[at].MoveNextAsync());
            var heads = new PriorityQueue<int, (string Key, int At)>(
                Comparer<(string Key, int At)>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key) is not 0 and var order ? order
                    : a.At.CompareTo(b.At)));
            for (var at = 0; at < open.Length; at++)
            {
                if (first[at]) heads.Enqueue(at, (key(open[at].Current), at));
            }

            while (heads.TryDequeue(out var at, out _))
            {
                yield return open[at].Current;
                if (await open[at].MoveNextAsync()) heads.Enqueue(at, (key(open[at].Current), at));
            }
        }
        finally
        {
            foreach (var source in open) await source.DisposeAsync();
        }
    }
}
