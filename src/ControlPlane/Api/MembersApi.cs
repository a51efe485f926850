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
        return routes;
    }

    private static async Task<IResult> List(ActorCalls actors, CancellationToken cancel) =>
        TypedResults.Ok(await actors.Registry(registry => registry.Members(), cancel));

    private static async Task<IResult> Overrule(
        ActorCalls actors, ControlPlaneOptions options, CancellationToken cancel, bool dryRun = false)
    {
        if (dryRun) return TypedResults.Ok(Plan(await actors.Registry(registry => registry.Members(), cancel), options.Liveness));
        await actors.Registry(registry => registry.OverruleBrake(), cancel);
        return TypedResults.NoContent();
    }

    private static PlanView Plan(MemberList all, LivenessRules rules) => all.Brake is null
        ? new([], ["the brake is off: there is nothing to overrule"])
        : new(all.Members
            .Where(it => it is { Role: MemberRole.Worker, Status: WorkerHealth.Suspect } && it.Silence > rules.SuspectAfter)
            .Select(it => new PlanStepView(
                "lost", "", it.Name, $"silent for {Durations.Format(it.Silence)}; {it.Services.Count} services look again",
                it.Silence > rules.LostAfter ? null : "its lease has run out"))
            .ToValueList(), []);
}
