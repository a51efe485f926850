using System.Net;
using System.Runtime.CompilerServices;
using Orchestrator.Client.Problems;

namespace Orchestrator.Client.Wire;

/// <summary>What all lists of the API have in common.</summary>
internal static class Listed
{
    /// <summary>The pages' items, page after page as they are asked for.</summary>
    /// <param name="page">The items after a name, and what the next page is after; none when it was the last one.</param>
    public static async IAsyncEnumerable<T> All<T>(
        Func<string?, CancellationToken, Task<(IEnumerable<T> Items, string? Next)>> page,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        string? after = null;
        do
        {
            (var items, after) = await page(after, cancel);
            foreach (var item in items) yield return item;
        }
        while (after is not null);
    }

    /// <summary>None when there is no such thing.</summary>
    public static async Task<T?> OrNone<T>(Task<T> asked) where T : class
    {
        try
        {
            return await asked;
        }
        catch (ProblemException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
