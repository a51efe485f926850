using Orchestrator.ControlPlane.Settings;
using Orchestrator.Dashboard;
using Orchestrator.Dashboard.Visits;

namespace Orchestrator.ControlPlane.Door;

/// <summary>
/// The live page, which every master serves. It comes in by the public door as everybody does, shows its visitor's token to the API, and
/// is told here only what it may offer to whom.
/// </summary>
internal static class Page
{
    public static void AddPage(this IServiceCollection services, ControlPlaneOptions options)
    {
        var tokens = services.Select(it => it.ImplementationInstance).OfType<ApiTokens>().SingleOrDefault();
        services.AddDashboard(new DashboardOptions
        {
            Master = options.MemberName,
            Api = new Uri($"http://{FromHere(options.Listen)}:{options.ApiPort}"),
            PublicUrl = new Uri(options.PublicUrl),
            Recognize = token => Recognize(tokens, token),
        });
    }

    public static void MapPage(this IEndpointRouteBuilder routes) => routes.MapGroup("").WithMetadata(new Unaudited()).MapDashboard();

    private static Visitor? Recognize(ApiTokens? tokens, string? token) =>
        tokens is null ? VisitorOf(null, Role.Operator)
        : token is not null && tokens.Find(token) is { } holder ? VisitorOf(holder.Name, holder.Role)
        : null;

    private static Visitor VisitorOf(string? name, Role role) => new(name, role.Word(), role >= Role.Deployer, role >= Role.Operator);

    /// <summary>Where this process reaches what listens there.</summary>
    private static string FromHere(string listen) => listen switch
    {
        "*" or "0.0.0.0" or "::" => "localhost",
        _ => listen.Contains(':', StringComparison.Ordinal) ? $"[{listen}]" : listen,
    };
}
