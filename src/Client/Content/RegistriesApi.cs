using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Client.Content;

/// <summary>How the workers log in to registries.</summary>
public sealed class RegistriesApi
{
    private readonly Road road;

    internal RegistriesApi(Road road) => this.road = road;

    public async Task<ValueList<RegistryView>> List(CancellationToken cancel = default) =>
        (await road.Ask<RegistryList>(Question.Get("registries"), cancel)).Registries;

    /// <param name="host">With its port where it has one: <c>registry.example.com:5000</c>.</param>
    public Task<RegistryView> Get(string host, CancellationToken cancel = default) =>
        road.Ask<RegistryView>(Question.Get(Question.Below("registries", host)), cancel);

    /// <param name="why">For the audit log.</param>
    public Task<RegistryView> Set(string host, RegistryLogin login, string? why = null, CancellationToken cancel = default) =>
        road.Ask<RegistryView>(Question.Put(Question.Below("registries", host), login) with { Query = new() { { "why", why } } }, cancel);

    public Task Delete(string host, string? why = null, CancellationToken cancel = default) =>
        road.Tell(Question.Delete(Question.Below("registries", host)) with { Query = new() { { "why", why } } }, cancel);

    /// <summary>What a login would change, and nothing is.</summary>
    public Task<PlanView> PlanSet(string host, RegistryLogin login, CancellationToken cancel = default) =>
        road.Ask<PlanView>(
            Question.Put(Question.Below("registries", host), login) with { Query = new() { { "dryRun", true } }, Changes = false }, cancel);

    public Task<PlanView> PlanDelete(string host, CancellationToken cancel = default) =>
        road.Ask<PlanView>(
            Question.Delete(Question.Below("registries", host)) with { Query = new() { { "dryRun", true } }, Changes = false }, cancel);
}
