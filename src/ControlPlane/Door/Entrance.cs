using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Door;

/// <summary>Who an endpoint is there for; what names nobody, health and metrics, is for everyone.</summary>
internal enum Entrance
{
    /// <summary>People and their programs.</summary>
    Public,
    /// <summary>The sidecar alone.</summary>
    Dapr,
}

internal static class Entrances
{
    public static TBuilder For<TBuilder>(this TBuilder endpoints, Entrance entrance)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(entrance);

    /// <summary>None for what is there for everyone, and for what is not there at all.</summary>
    public static Entrance? Of(HttpContext context) => context.GetEndpoint()?.Metadata.OfType<Entrance?>().LastOrDefault();

    /// <summary>Where the request came in, whatever it says of itself.</summary>
    public static Entrance EnteredAt(this HttpContext context, ControlPlaneOptions options) =>
        context.Connection.LocalPort == options.AppPort ? Entrance.Dapr : Entrance.Public;

    /// <summary>What is there for one is not there at the other's.</summary>
    public static void UseEntrances(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ControlPlaneOptions>();
        app.Use((context, next) =>
        {
            if (Of(context) is { } entrance && entrance != context.EnteredAt(options)) context.SetEndpoint(null);
            return next(context);
        });
    }
}
