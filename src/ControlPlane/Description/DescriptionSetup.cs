using Microsoft.OpenApi;

namespace Orchestrator.ControlPlane.Description;

internal static class DescriptionSetup
{
    /// <summary>The whole API, and the same for generators that know one answer of an operation.</summary>
    public static IServiceCollection AddDescription(this IServiceCollection services) =>
        services.AddDocument("v1", oneAnswerEach: false).AddDocument("client", oneAnswerEach: true);

    private static IServiceCollection AddDocument(this IServiceCollection services, string name, bool oneAnswerEach) =>
        services.AddOpenApi(name, document =>
        {
            // What generators of clients read today.
            document.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
            document.ShouldInclude = it => it.ActionDescriptor.EndpointMetadata.OfType<DescribedRoute>().Any();
            document.AddDocumentTransformer(new Document(oneAnswerEach));
        });
}
