using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Client.Content;

/// <summary>Configs: values that instances are given.</summary>
public sealed class ConfigsApi
{
    private readonly Road road;

    internal ConfigsApi(Road road) => this.road = road;

    /// <summary>All of them by name, without values.</summary>
    public async Task<ValueList<ConfigView>> List(CancellationToken cancel = default) =>
        (await road.Ask<ConfigList>(Question.Get("configs"), cancel)).Configs;

    public Task<ConfigView> Get(string name, CancellationToken cancel = default) =>
        road.Ask<ConfigView>(Question.Get(Question.Below("configs", name)), cancel);

    /// <summary>A new value makes a new version, and rolls the services that follow.</summary>
    /// <param name="why">For the audit log.</param>
    public Task<ContentChanged> Set(string name, ConfigValue value, string? why = null, CancellationToken cancel = default) =>
        road.Ask<ContentChanged>(Question.Put(Question.Below("configs", name), value) with { Query = new() { { "why", why } } }, cancel);

    /// <summary>What a new value would do, and nothing is done.</summary>
    public Task<PlanView> PlanSet(string name, ConfigValue value, CancellationToken cancel = default) =>
        road.Ask<PlanView>(
            Question.Put(Question.Below("configs", name), value) with { Query = new() { { "dryRun", true } }, Changes = false }, cancel);

    /// <summary>Deletes one that nobody uses.</summary>
    public Task Delete(string name, string? why = null, CancellationToken cancel = default) =>
        road.Tell(Question.Delete(Question.Below("configs", name)) with { Query = new() { { "why", why } } }, cancel);

    public Task<PlanView> PlanDelete(string name, CancellationToken cancel = default) =>
        road.Ask<PlanView>(
            Question.Delete(Question.Below("configs", name)) with { Query = new() { { "dryRun", true } }, Changes = false }, cancel);
}
