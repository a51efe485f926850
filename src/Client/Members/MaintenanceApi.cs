using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Maintenance;

namespace Orchestrator.Client.Members;

/// <summary>Workers that are taken out to work on their machines, one or one after the other.</summary>
public sealed class MaintenanceApi
{
    private readonly Road road;

    internal MaintenanceApi(Road road) => this.road = road;

    /// <summary>Which are taken out, what holds them, and who is next.</summary>
    public Task<MaintenanceList> List(CancellationToken cancel = default) => road.Ask<MaintenanceList>(Question.Get("maintenance"), cancel);

    /// <summary>Drains a worker; it goes on by itself, and says when it is empty and may be worked on.</summary>
    public Task<MaintenanceView> TakeOut(string worker, MaintenanceWish? wish = null, CancellationToken cancel = default) =>
        road.Ask<MaintenanceView>(Question.Post($"{Question.Below("workers", worker)}/maintenance", wish ?? new()), cancel);

    /// <summary>The worker takes instances again.</summary>
    /// <param name="rebalance">Whether instances are moved there.</param>
    public Task End(string worker, bool rebalance = false, CancellationToken cancel = default) => road.Tell(
        Question.Delete($"{Question.Below("workers", worker)}/maintenance") with { Query = new() { { "rebalance", rebalance } } }, cancel);

    /// <summary>Takes workers out one after the other; each is waited for until it is back. It goes on by itself.</summary>
    public Task<MaintenanceRound> BeginRound(MaintenanceRoundWish? wish = null, CancellationToken cancel = default) =>
        road.Ask<MaintenanceRound>(Once(Question.Post("maintenance", wish ?? new())), cancel);

    /// <summary>No further worker is taken out; those that are out stay so.</summary>
    public Task StopRound(CancellationToken cancel = default) => road.Tell(Once(Question.Delete("maintenance")), cancel);

    /// <summary>Asked again it would be refused, for what it has done itself.</summary>
    private static Question Once(Question question) => question with { MayBeRepeated = false };
}
