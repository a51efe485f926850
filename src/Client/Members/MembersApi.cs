using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Client.Members;

/// <summary>Masters and workers, and what only a person can know of them.</summary>
public sealed class MembersApi
{
    private readonly Road road;

    internal MembersApi(Road road) => this.road = road;

    public Task<MemberList> List(CancellationToken cancel = default) => road.Ask<MemberList>(Question.Get("members"), cancel);

    /// <summary>Declares silent workers lost although more have vanished than remain.</summary>
    public Task OverruleBrake(CancellationToken cancel = default) => road.Tell(Question.Post("members/brake/overrule"), cancel);

    public Task<PlanView> PlanOverrule(CancellationToken cancel = default) =>
        road.Ask<PlanView>(Dry(Question.Post("members/brake/overrule")), cancel);

    /// <summary>Says that these workers are gone: each is lost when its lease is over, whatever the brake says.</summary>
    public Task ConfirmLoss(IEnumerable<string> workers, CancellationToken cancel = default) => road.Tell(Gone(workers), cancel);

    public Task<PlanView> PlanConfirmLoss(IEnumerable<string> workers, CancellationToken cancel = default) =>
        road.Ask<PlanView>(Dry(Gone(workers)), cancel);

    private static Question Gone(IEnumerable<string> workers) =>
        Question.Post("members/confirm-loss", new GoneWorkers(workers.ToValueList()));

    private static Question Dry(Question question) => question with { Query = new() { { "dryRun", true } }, Changes = false };
}
