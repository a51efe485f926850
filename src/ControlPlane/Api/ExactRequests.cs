using System.Globalization;
using System.Reflection;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Api;

/// <summary>
/// A request to a route of ours is taken exactly. Its query holds what the route offers and nothing else, for a dry run that is misspelt
/// would be carried out; a body is JSON and not compressed, also where nobody reads it.
/// </summary>
internal static class ExactRequests
{
    public static IApplicationBuilder UseExactRequests(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var route = context.GetEndpoint() as RouteEndpoint;
        var handler = route?.Metadata.GetMetadata<MethodInfo>();
        if (handler?.DeclaringType?.Assembly != typeof(ExactRequests).Assembly)
            await next(context);
        else if (HasForeignBody(context.Request))
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        else if (Wrong(context.Request.Query, Offered(route!, handler)).ToList() is { Count: > 0 } problems)
            await Problems.Invalid(problems).ExecuteAsync(context);
        else
            await next(context);
    });

    /// <summary>What reads is asked for its headers alone as well.</summary>
    public static TBuilder AlsoHead<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head])));
        return route;
    }

    private static bool HasForeignBody(HttpRequest request) =>
        (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
        && (!request.HasJsonContentType() || request.Headers.ContentEncoding.Count > 0);

    /// <summary>The parameters of the handler that do not stand in the path.</summary>
    private static Dictionary<string, Type> Offered(RouteEndpoint route, MethodInfo handler) => handler.GetParameters()
        .Select(it => (Name: it.Name!, Type: Nullable.GetUnderlyingType(it.ParameterType) ?? it.ParameterType))
        .Where(it => it.Type == typeof(string) || it.Type == typeof(int) || it.Type == typeof(bool))
        .Where(it => route.RoutePattern.GetParameter(it.Name) is null)
        .ToDictionary(it => it.Name, it => it.Type, StringComparer.Ordinal);

    private static IEnumerable<FieldProblem> Wrong(IQueryCollection query, Dictionary<string, Type> offered)
    {
        foreach (var (name, values) in query)
        {
            var reason = !offered.TryGetValue(name, out var type) ? $"is not a known parameter; {Known(offered)}"
                : values.Count > 1 ? "is there twice"
                : Wrong(values.ToString(), type);
            if (reason is not null) yield return new FieldProblem(name, reason);
        }
    }

    private static string Known(Dictionary<string, Type> offered) =>
        offered.Count == 0 ? "none is offered here" : $"known are {string.Join(", ", offered.Keys.Order(StringComparer.Ordinal))}";

    private static string? Wrong(string value, Type type) =>
        type == typeof(int) && !int.TryParse(value, CultureInfo.InvariantCulture, out _) ? "is not a whole number"
        : type == typeof(bool) && !bool.TryParse(value, out _) ? "is not true or false"
        : value.Contains('\0', StringComparison.Ordinal) ? "holds a NUL character"
        : null;
}
