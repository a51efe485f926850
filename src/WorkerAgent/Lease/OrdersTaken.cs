using System.Collections.Immutable;

namespace Orchestrator.WorkerAgent.Lease;

/// <summary>
/// How old an order may be that begins what may run once only: orders are bound to a report of the worker, and those bound to too old a
/// one are refused, so that who gave one can know in the end that it has no effect any more. Pure.
/// </summary>
/// <param name="Since">The sequence of the oldest report to which an order may be bound; 0 before the first lease.</param>
internal sealed record OrdersTaken(long Since = 0)
{
    /// <summary>Orders are repeated every second and travel in milliseconds.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Reports that were answered within that time, oldest first.</summary>
    private ImmutableQueue<(TimeSpan Sent, long Sequence)> Answered { get; init; } = [];

    /// <summary>After a renewal was answered.</summary>
    /// <param name="sequence">Of the report by which it was renewed.</param>
    /// <param name="sent">When that was sent.</param>
    /// <param name="isNew">No lease held any more: whatever was ordered before counts no longer.</param>
    /// <param name="longest">So long an order counts.</param>
    public OrdersTaken After(long sequence, TimeSpan sent, bool isNew, TimeSpan longest)
    {
        var (since, answered) = (isNew ? sequence : Since, Answered.Enqueue((sent, sequence)));
        while (!answered.IsEmpty && sent - answered.Peek().Sent >= longest)
        {
            since = Math.Max(since, answered.Peek().Sequence);
            answered = answered.Dequeue();
        }

        return new(since) { Answered = answered };
    }

    public override string ToString() => $"{Since}<{string.Join(',', Answered.Select(it => $"{it.Sequence}@{it.Sent.Ticks}"))}";
}
