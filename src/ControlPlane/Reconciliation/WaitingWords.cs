using System.Collections.Frozen;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Why slots wait; those with the same reason share a sentence.</summary>
internal sealed class WaitingWords
{
    private const int MostSentences = 20;

    private readonly SortedDictionary<string, List<int>> slotsByReason = new(StringComparer.Ordinal);

    /// <summary>Of slots whose turn has not come.</summary>
    private readonly Dictionary<int, string> aside = [];

    public void Add(int slot, string why)
    {
        if (!slotsByReason.TryGetValue(why, out var numbers)) slotsByReason[why] = numbers = [];
        if (!numbers.Contains(slot)) numbers.Add(slot);
    }

    /// <summary>Only for those who ask for the slot.</summary>
    public void AddAside(int slot, string why) => aside.TryAdd(slot, why);

    /// <summary>A sentence for each reason, by the first slot it concerns.</summary>
    public ValueList<string> Words()
    {
        if (slotsByReason.Count == 0) return [];
        foreach (var numbers in slotsByReason.Values) numbers.Sort();
        var sentences = slotsByReason
            .OrderBy(w => w.Value[0]).ThenBy(w => w.Key, StringComparer.Ordinal)
            .Select(w => Sentence(w.Key, w.Value)).ToList();
        if (sentences.Count > MostSentences)
        {
            var more = sentences.Count - MostSentences;
            sentences.RemoveRange(MostSentences, more);
            sentences.Add($"and {more} more");
        }

        return sentences.ToValueList();
    }

    /// <summary>The first reason of each slot.</summary>
    public IReadOnlyDictionary<int, string> BySlot()
    {
        if (slotsByReason.Count + aside.Count == 0) return FrozenDictionary<int, string>.Empty;
        Dictionary<int, string> first = [];
        foreach (var (why, numbers) in slotsByReason)
        {
            foreach (var number in numbers) first.TryAdd(number, why);
        }

        foreach (var (number, why) in aside) first.TryAdd(number, why);
        return first;
    }

    private static string Sentence(string why, List<int> numbers) => numbers switch
    {
        [0, ..] => why,
        [var one] => $"slot {one}: {why}",
        _ => $"slots {Few(numbers)}: {why}",
    };

    private static string Few(List<int> numbers) =>
        numbers.Count <= 5 ? string.Join(", ", numbers) : $"{string.Join(", ", numbers.Take(3))} and {numbers.Count - 3} more";
}
