using Orchestrator.WorkerAgent.Lease;

namespace Orchestrator.WorkerAgent.Tests.Lease;

/// <summary>How old an order may be that begins what may run once only.</summary>
public sealed class OrdersTakenTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    [Fact]
    public void An_order_counts_for_a_while_after_the_report_that_it_is_bound_to() =>
        Assert.Equal([1, 1, 1, 1, 2, 3], Since(Enumerable.Range(1, 6).Select(second => (second, isNew: second == 1))));

    [Fact]
    public void With_a_new_lease_nothing_from_before_counts() =>
        Assert.Equal([1, 1, 3, 3, 3, 3, 4], Since(Enumerable.Range(1, 7).Select(second => (second, isNew: second is 1 or 3))));

    [Fact]
    public void After_a_pause_without_a_renewal_what_was_before_it_is_too_old() =>
        Assert.Equal([1, 1, 2], Since([(1, true), (2, false), (9, false)]));

    private static IEnumerable<long> Since(IEnumerable<(int Second, bool IsNew)> renewals)
    {
        var (taken, sequence) = (new OrdersTaken(), 0);
        foreach (var (second, isNew) in renewals)
        {
            taken = taken.After(++sequence, TimeSpan.FromSeconds(second), isNew, Longest);
            yield return taken.Since;
        }
    }
}
