using System.Globalization;
using Orchestrator.Client.Problems;
using Orchestrator.Client.Services;
using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Client.Stacks;

/// <summary>Stacks: applications of several services as one thing.</summary>
public sealed class StacksApi
{
    private const int LargestPage = 500;

    private readonly Road road;

    internal StacksApi(Road road) => this.road = road;

    /// <summary>All stacks by name, page after page as they are asked for.</summary>
    public IAsyncEnumerable<StackSummary> List(int pageSize = LargestPage, CancellationToken cancel = default) => Listed.All(
        async (after, stop) =>
        {
            var page = await Page(after, pageSize, stop);
            return (page.Stacks.AsEnumerable(), page.Next);
        }, cancel);

    /// <param name="after">What the page before said is next; none is the first page.</param>
    /// <param name="limit">How many at most, 1 to 500.</param>
    public Task<StackList> Page(string? after = null, int limit = LargestPage, CancellationToken cancel = default) =>
        road.Ask<StackList>(Question.Get("stacks") with { Query = new() { { "after", after }, { "limit", limit } } }, cancel);

    public async Task<StackView> Get(string name, CancellationToken cancel = default) => (await GetTagged(name, cancel)).Stack;

    /// <summary>With its tag, for a change of what was seen.</summary>
    public async Task<TaggedStack> GetTagged(string name, CancellationToken cancel = default)
    {
        using var answer = await road.Ask(Question.Get(Question.Below("stacks", name)), HttpCompletionOption.ResponseContentRead, cancel);
        return new(await answer.Read<StackView>(cancel), answer.Headers.ETag?.Tag.Trim('"'));
    }

    /// <summary>None when there is no such stack.</summary>
    public Task<StackView?> Find(string name, CancellationToken cancel = default) =>
        Listed.OrNone(Get(name, cancel));

    /// <summary>One of its deployments, with how far each service has come.</summary>
    /// <exception cref="ProblemException">It is not kept any more.</exception>
    public Task<StackDeployment> Deployment(string name, long id, CancellationToken cancel = default) => road.Ask<StackDeployment>(
        Question.Get(Question.Below("stacks", name, "deployments", id.ToString(CultureInfo.InvariantCulture))), cancel);

    /// <summary>Has a wish carried out, once, whichever masters die over it; answers the deployment, which goes on by itself.</summary>
    public Task<StackDeployment> Change(
        string name, StackChange change, ChangeTerms? terms = null, CancellationToken cancel = default) =>
        road.Ask<StackDeployment>(StackForm.Of(name, change, terms, dryRun: false), cancel);

    /// <summary>What would be done, wave after wave, and nothing is. Not of a cancel and not of a resume.</summary>
    public Task<StackPlanView> Plan(
        string name, StackChange change, ChangeTerms? terms = null, CancellationToken cancel = default) =>
        road.Ask<StackPlanView>(StackForm.Of(name, change, terms, dryRun: true), cancel);

    /// <param name="spec">All of it: a service that is not named any more is removed.</param>
    public Task<StackDeployment> Deploy(
        string name, StackSpec spec, ChangeTerms? terms = null, CancellationToken cancel = default) =>
        Change(name, new DeploySpec(spec), terms, cancel);

    public Task<StackDeployment> Remove(string name, ChangeTerms? terms = null, CancellationToken cancel = default) =>
        Change(name, new RemoveStack(), terms, cancel);
}
