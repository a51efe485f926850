using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Api;

/// <summary>What masters ask about images, by service invocation.</summary>
internal static class ImagesApi
{
    public static void MapImages(this IEndpointRouteBuilder app) =>
        app.MapPost(WorkerMethods.FindImage, (ImageQuestion question, ImagePulls pulls, CancellationToken cancel) =>
            pulls.Find(question, cancel));
}
