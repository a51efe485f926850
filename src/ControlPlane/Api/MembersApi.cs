using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Api;

internal static class MembersApi
{
    public static IEndpointRouteBuilder MapMembers(this IEndpointRouteBuilder routes)
    {
        var members = routes.MapGroup("/members").WithTags("Members");
        members.MapGet("", List).AlsoHead().As(new("ListMembers", "Masters and workers: name, role, address, status, load")
        {
            Answers = [new(StatusCodes.Status200OK, typeof(MemberList), "All members.")],
        });
        members.MapPost("/brake/overrule", Overrule)
            .As(new("OverruleBrake", "Declare silent workers lost although more have vanished than remain")
            {
                Answers =
                [
                    new(StatusCodes.Status204NoContent, null, "Done."),
                    new(StatusCodes.Status200OK, typeof(PlanView), "A dry run: who would be declared lost.", "dryRun"),
                ],
            });
        members.MapPost("/confirm-loss", ConfirmLoss)
            .As(new("ConfirmLoss", "Say that silent workers are gone: each is lost when its lease is over, whatever the brake says")
            {
                Body = new(typeof(GoneWorkers)),
                Answers =
                [
                    new(StatusCodes.Status204NoContent, null, "It is recorded; a worker that is heard again is there again."),
                    new(StatusCodes.Status200OK, typeof(PlanView), "A dry run: who would be declared lost.", "dryRun"),
                ],
            });
        return routes;
    }

    /// <summary>Somebody is always there, be it this master: an empty list is one of a registry that has heard nobody yet.</summary>
    private static async Task<IResult> List(ActorCalls actors, HttpResponse response, CancellationToken cancel)
    {
        var all = await actors.Registry(registry => registry.Members(), cancel);
        if (all.Members.Count > 0) return TypedResults.Ok(all);
        response.Headers.RetryAfter = "1";
        return Problems.Of(StatusCodes.Status503ServiceUnavailable, "no member has been heard yet: the registry has just begun to listen");
    }

    private static async Task<IResult> Overrule(
        ActorCalls actors, ControlPlaneOptions options, CancellationToken cancel, bool dryRun = false)
    {
        if (dryRun) return TypedResults.Ok(Plan(await actors.Registry(registry => registry.Members(), cancel), options.Liveness));
        await actors.Registry(registry => registry.OverruleBrake(), cancel);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> ConfirmLoss(
        HttpRequest request, ActorCalls actors, ControlPlaneOptions options, CancellationToken cancel, bool dryRun = false)
    {
        var (gone, refusal) = await RequestBody.Read<GoneWorkers>(request, cancel);
        if (refusal is not null) return refusal;
        if (gone!.Workers is not { Count: > 0 } workers) return NotGone(["is required: the names of workers that are gone"]);

        var refused = await actors.Registry(registry => registry.ConfirmLoss(new(workers, dryRun)), cancel);
        if (refused.Count > 0) return NotGone(refused);
        return dryRun ? TypedResults.Ok(Plan(workers, await actors.Registry(registry => registry.Members(), cancel), options.Liveness))
            : TypedResults.NoContent();
    }

    private static ProblemHttpResult NotGone(IEnumerable<string> reasons) =>
        Problems.Invalid(reasons.Select(reason => new FieldProblem("workers", reason)));

    private static PlanView Plan(MemberList all, LivenessRules rules) => all.Brake is null
        ? new([], ["the brake is off: there is nothing to overrule"])
        : new(all.Members.Where(it => it.Role == MemberRole.Worker && it.Status == WorkerHealth.Suspect && it.Silence > rules.SuspectAfter)
            .Select(it => Lost(it, rules)).ToValueList(), []);

    private static PlanView Plan(ValueList<string> workers, MemberList all, LivenessRules rules)
    {
        var gone = all.Members.Where(it => it.Role == MemberRole.Worker && workers.Contains(it.Name)).ToLookup(it => it.Status);
        return new(
            gone.Where(it => it.Key != WorkerHealth.Lost).SelectMany(it => it).Select(it => Lost(it, rules)).ToValueList(),
            gone[WorkerHealth.Lost].Select(it => $"{it.Name} is lost already").ToValueList());
    }

    private static PlanStepView Lost(Member worker, LivenessRules rules) => new(
        "lost", "", worker.Name, $"silent for {Durations.Format(worker.Silence)}; {worker.Services.Count} services look again",
        worker.Silence > rules.LostAfter ? null : "its lease has run out");
}
