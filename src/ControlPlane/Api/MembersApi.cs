using Orchestrator.Contracts.Members;
using Orchestrator.ControlPlane.Dapr;

namespace Orchestrator.ControlPlane.Api;

internal static class MembersApi
{
    public static IEndpointRouteBuilder MapMembers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/members", (ActorCalls actors, CancellationToken cancel) => actors.Registry(registry => registry.Members(), cancel))
            .AlsoHead().WithSummary("Masters and workers: name, role, address, status, load");

        routes.MapPost("/members/brake/overrule", async (ActorCalls actors, CancellationToken cancel) =>
        {
            await actors.Registry(registry => registry.OverruleBrake(), cancel);
            return TypedResults.NoContent();
        }).WithSummary("Declare silent workers lost although more have vanished than remain");
        return routes;
    }
}
