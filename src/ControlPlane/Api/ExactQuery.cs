using System.Globalization;
using System.Reflection;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Api;

/// <summary>
/// A query holds what its route offers and nothing else: a dry run that is misspelt would be carried out. What a route offers are the
/// parameters of its handler that do not stand in its path.
/// </summary>
internal static class ExactQuery
{
    public static IApplicationBuilder UseExactQueries(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint() is RouteEndpoint route && route.Metadata.GetMetadata<MethodInfo>() is { } handler
            && Wrong(context.Request.Query, Offered(route, handler)).ToList() is { Count: > 0 } problems)
            await Problems.Invalid(problems).ExecuteAsync(context);
        else await next(context);
    });

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
