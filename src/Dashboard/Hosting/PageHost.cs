using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Dashboard.Hosting;

/// <summary>
/// The page with all that it is made of, an application of its own inside its master. It is made when somebody asks for it for the first
/// time: Blazor and the library of components weigh as much as a fifth of a master, and most masters are looked at by nobody.
/// </summary>
internal sealed class PageHost(IServiceProvider master) : IAsyncDisposable
{
    private readonly Lazy<Opened> opened = new(() => OpenedPage.Open(master));

    /// <summary>Requests come by the master's door, under its rules; here they find services and endpoints of the page.</summary>
    public async Task Answer(HttpContext context)
    {
        var (endpoint, values, services) = (context.GetEndpoint(), context.Request.RouteValues, context.RequestServices);
        await using var scope = opened.Value.Services.CreateAsyncScope();
        try
        {
            context.SetEndpoint(null);
            (context.Request.RouteValues, context.RequestServices) = ([], scope.ServiceProvider);
            await opened.Value.Pipeline(context);
        }
        finally
        {
            context.SetEndpoint(endpoint);
            (context.Request.RouteValues, context.RequestServices) = (values, services);
        }
    }

    public ValueTask DisposeAsync() => opened.IsValueCreated ? opened.Value.Services.DisposeAsync() : ValueTask.CompletedTask;
}

internal sealed record Opened(ServiceProvider Services, RequestDelegate Pipeline);
