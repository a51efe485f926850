using Orchestrator.ControlPlane.Api;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Door;

/// <summary>
/// A browser sends to this machine whatever a page anywhere tells it to send. Such requests are known by the page they come from, or by a
/// name that was made to point here. (A body of a type that a form can have is refused with the other inexact requests.)
/// </summary>
internal static class BrowserProof
{
    public static void UseBrowserProof(this WebApplication app)
    {
        var hosts = HostsOf(app.Services.GetRequiredService<ControlPlaneOptions>());
        app.UseWhen(
            context => Entrances.Of(context) is Entrance.Public,
            guarded => guarded.Use((context, next) => Refusal(context.Request, hosts) is var (status, detail)
                ? Problems.Of(status, detail).ExecuteAsync(context)
                : next(context)));
    }

    private static (int Status, string Detail)? Refusal(HttpRequest request, HashSet<string> hosts) => request switch
    {
        { Host.Host: var host } when !Loopback.Is(host) && !hosts.Contains(host) => (
            StatusCodes.Status421MisdirectedRequest, $"'{host}' is no name of this master; ALLOWED_HOSTS names those it answers to"),
        { Headers.Origin: [{ } origin, ..] } when !IsOwn(origin, request) => (
            StatusCodes.Status403Forbidden, $"requests from pages of '{origin}' are not accepted"),
        _ => null,
    };

    /// <summary>The scheme is left out: in front of this master it may be another one.</summary>
    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private static HashSet<string> HostsOf(ControlPlaneOptions options) =>
        new([options.Listen, new Uri(options.PublicUrl).Host, .. options.AllowedHosts], StringComparer.OrdinalIgnoreCase);
}
