using Scalar.AspNetCore;

namespace Orchestrator.ControlPlane.Api;

/// <summary>The API's description for people, at <c>/docs</c>.</summary>
internal static class DocsPage
{
    /// <summary>The page and all it needs are here; a browser is told to get nothing from anywhere else.</summary>
    private const string NothingFromElsewhere =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'";

    public static IEndpointConventionBuilder MapDocs(this IEndpointRouteBuilder routes)
    {
        var page = routes.MapGroup("");
        page.MapScalarApiReference("/docs", options =>
        {
            options.Title = "Orchestrator";
            options.DefaultFonts = false;
            options.Telemetry = false;
            options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
            options.Agent = new ScalarAgentOptions { Disabled = true };
            options.Mcp = new ScalarMcpOptions { Disabled = true };
            options.AddDocument("v1");
        });
        return page.AddEndpointFilter((context, next) =>
        {
            context.HttpContext.Response.Headers.ContentSecurityPolicy = NothingFromElsewhere;
            return next(context);
        }).ExcludeFromDescription();
    }
}
