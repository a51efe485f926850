using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Dashboard.Hosting;
using Orchestrator.Dashboard.Visits;

namespace Orchestrator.Dashboard;

/// <summary>What a master does to serve the live page. While nobody looks it asks nobody anything, and nothing of it is loaded.</summary>
public static class DashboardSetup
{
    private static readonly string[] Looks = [HttpMethods.Get, HttpMethods.Head];

    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardOptions options) =>
        services.AddSingleton(options).AddSingleton<PageHost>();

    /// <summary>The first page, the others and all files below <c>/ui</c>, and the connection behind them.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        RequestDelegate page = routes.ServiceProvider.GetRequiredService<PageHost>().Answer;
        routes.MapMethods("/", Looks, page);
        routes.MapMethods("/ui/{**rest}", Looks, page);
        routes.Map("/_blazor/{**rest}", page);
    }
}
