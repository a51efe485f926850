using Orchestrator.ControlPlane.Api;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ServiceDefaults.Sidecars;
using Orchestrator.ServiceDefaults.Telemetry;

namespace Orchestrator.ControlPlane.Door;

/// <summary>
/// Whoever spreads requests over the masters is told when this one can answer none. The sidecar is not: to it the application is well,
/// and it must not give that up because it is ill itself.
/// </summary>
internal static class PublicHealth
{
    public static void UsePublicHealth(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ControlPlaneOptions>();
        var sidecar = app.Services.GetRequiredService<SidecarHealth>();
        app.UseWhen(
            context => sidecar.Problem is not null && context.Request.Path == QuietPaths.Health
                && context.EnteredAt(options) is Entrance.Public,
            ill => ill.Run(context => Problems.Of(StatusCodes.Status503ServiceUnavailable, sidecar.Problem ?? "").ExecuteAsync(context)));
    }
}
