using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Client.Content;

/// <summary>Secrets: values that nobody is told but the instances that are given them.</summary>
public sealed class SecretsApi
{
    private readonly Road road;

    internal SecretsApi(Road road) => this.road = road;

    /// <summary>All of them by name, without values.</summary>
    public async Task<ValueList<SecretView>> List(CancellationToken cancel = default) =>
        (await road.Ask<SecretList>(Question.Get("secrets"), cancel)).Secrets;

    public Task<SecretView> Get(string name, CancellationToken cancel = default) =>
        road.Ask<SecretView>(Question.Get(Question.Below("secrets", name)), cancel);

    /// <summary>A new value makes a new version, and rolls the services that follow.</summary>
    /// <param name="why">For the audit log.</param>
    public Task<ContentChanged> Set(string name, SecretValue value, string? why = null, CancellationToken cancel = default) =>
        road.Ask<ContentChanged>(Question.Put(Question.Below("secrets", name), value) with { Query = new() { { "why", why } } }, cancel);

    /// <summary>What a new value would do, and nothing is done.</summary>
    public Task<PlanView> PlanSet(string name, SecretValue value, CancellationToken cancel = default) =>
        road.Ask<PlanView>(
            Question.Put(Question.Below("secrets", name), value) with { Query = new() { { "dryRun", true } }, Changes = false }, cancel);

    /// <summary>Deletes one that nobody uses.</summary>
    public Task Delete(string name, string? why = null, CancellationToken cancel = default) =>
        road.Tell(Question.Delete(Question.Below("secrets", name)) with { Query = new() { { "why", why } } }, cancel);

    public Task<PlanView> PlanDelete(string name, CancellationToken cancel = default) =>
        road.Ask<PlanView>(
            Question.Delete(Question.Below("secrets", name)) with { Query = new() { { "dryRun", true } }, Changes = false }, cancel);
}
