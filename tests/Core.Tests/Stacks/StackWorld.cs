using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Stacks;

namespace Orchestrator.Core.Tests.Stacks;

/// <summary>
/// A stack and its services, where everything that can go wrong on the way does: orders are lost, come twice, late and in another order,
/// and so does what was seen.
/// </summary>
internal sealed class StackWorld(Random dice)
{
    private readonly Dictionary<string, Played> services = new(StringComparer.Ordinal);
    private readonly List<(string Service, StackOrder Order)> onTheWay = [];
    private readonly List<(StackQuestion Question, ValueList<StackSight> Sights)> seenBefore = [];

    /// <param name="Spec">None of what is not there.</param>
    private sealed record Played(ServiceSpec? Spec, StackMark Mark, DateTimeOffset Since);

    public StackRecord? Record { get; private set; }

    public DateTimeOffset Now { get; private set; } = CalmStart;

    /// <summary>Images that never become healthy, and whether that is told or only waited for.</summary>
    public Dictionary<string, bool> Bad { get; } = new(StringComparer.Ordinal);

    private static DateTimeOffset CalmStart { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public ValueMap<ServiceSpec> There =>
        new(services.Where(it => it.Value.Spec is not null).Select(it => KeyValuePair.Create(it.Key, it.Value.Spec!)));

    public ServiceOutcome Ask(StackChange change)
    {
        var result = StackChanges.Apply(Record, "shop", change with { Who = "ann" }, floor: 0, Now);
        if (result.Outcome == ServiceOutcome.Done) Record = result.Record;
        return result.Outcome;
    }

    /// <summary>One round of the workflow, or of one of several that believe to be the one; false when there is nothing to do.</summary>
    public bool Step()
    {
        if (Course.Asks(Record!) is not { } question) return false;
        Now += TimeSpan.FromSeconds(dice.Next(1, 20));
        DeliverSome(0.3);
        var sights = question.Services.Where(_ => dice.Next(10) > 0).Select(it => Look(it, question.WithSpecs)).ToValueList();
        seenBefore.Add((question, sights));
        DeliverSome(0.3);
        if (dice.Next(4) == 0) Take(seenBefore[dice.Next(seenBefore.Count)]);
        Take((question, sights));
        return true;
    }

    /// <summary>Until nothing is to be done; what is on its way arrives after all.</summary>
    public void Settle()
    {
        for (var steps = 0; Step(); steps++) Assert.True(steps < 5_000, $"{Record!.Current}");
        DeliverSome(1);
    }

    private void Take((StackQuestion Question, ValueList<StackSight> Sights) seen)
    {
        (Record, var turn) = Course.Next(Record!, seen.Question, seen.Sights, Now);
        foreach (var service in turn.Apply)
        {
            // Whoever was to tell the service may have died before.
            if (dice.Next(3) > 0 && Course.OrderFor(Record, service, turn.Mark!) is { } order) onTheWay.Add((service, order));
        }
    }

    private void DeliverSome(double part)
    {
        foreach (var (service, order) in onTheWay.OrderBy(_ => dice.Next()).Where(_ => dice.NextDouble() <= part).ToList())
            Deliver(service, order);
    }

    /// <summary>As a service takes it, see <c>FollowStack</c>.</summary>
    private void Deliver(string service, StackOrder order)
    {
        var known = services.GetValueOrDefault(service);
        if (known is not null && (known.Mark.IsSameAs(order.Mark) || known.Mark.IsAfter(order.Mark))) return;
        services[service] = new(order.Spec, order.Mark, known is not null && known.Spec == order.Spec ? known.Since : Now);
    }

    private StackSight Look(string service, bool withSpec)
    {
        var it = services.GetValueOrDefault(service);
        if (it?.Spec is not { } spec) return new() { Service = service, IsGone = true, Mark = it?.Mark };
        var isBad = Bad.TryGetValue(spec.Container.Image, out var isTold);
        var isWell = !isBad && Now - it.Since > TimeSpan.FromSeconds(10);
        return new()
        {
            Service = service, Exists = true, Stack = "shop", Mark = it.Mark, Spec = withSpec ? spec : null, IsStarted = true,
            IsHealthy = isWell, Failed = isBad && isTold ? "exit code 1" : null, Waiting = isWell ? null : "it starts",
        };
    }
}
