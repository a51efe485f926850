using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Description;

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
        else if (HasForeignBody(context))
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        else if (route.RouteOf()?.Body is null && await HasBody(context))
            await Problems.Invalid([new FieldProblem("", "no body is taken here")]).ExecuteAsync(context);
        else if (context.Request.QueryString.HasValue
            && Wrong(context.Request, Offered(route!, handler)).ToList() is { Count: > 0 } problems)
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

    /// <summary>Whatever the version of HTTP: a body may come without being announced by a header.</summary>
    private static bool MayHaveBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody
        ?? (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0);

    private static bool HasForeignBody(HttpContext context) =>
        MayHaveBody(context) && (!context.Request.HasJsonContentType() || context.Request.Headers.ContentEncoding.Count > 0);

    /// <summary>Reads of it: only for those who do not want it.</summary>
    private static async Task<bool> HasBody(HttpContext context) =>
        MayHaveBody(context) && await context.Request.Body.ReadAsync(new byte[1], context.RequestAborted) > 0;

    /// <summary>The parameters of the handler that do not stand in the path.</summary>
    private static Dictionary<string, ParameterInfo> Offered(RouteEndpoint route, MethodInfo handler) => handler.GetParameters()
        .Where(it => TypeOf(it) is var type && (type == typeof(string) || type == typeof(int) || type == typeof(bool)))
        .Where(it => route.RoutePattern.GetParameter(it.Name!) is null)
        .ToDictionary(it => it.Name!, StringComparer.Ordinal);

    private static Type TypeOf(ParameterInfo parameter) => Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;

    private static IEnumerable<FieldProblem> Wrong(HttpRequest request, Dictionary<string, ParameterInfo> offered)
    {
        HashSet<string> noText = new(StringComparer.Ordinal);
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (!IsText(pair.EncodedValue)) noText.Add(pair.DecodeName().ToString());
        }

        foreach (var (name, values) in request.Query)
        {
            var reason = !offered.TryGetValue(name, out var parameter) ? $"is not a known parameter; {Known(offered)}"
                : values.Count > 1 ? "is there twice"
                : noText.Contains(name) ? "is not valid UTF-8"
                : Wrong(values.ToString(), parameter);
            if (reason is not null) yield return new FieldProblem(name, reason);
        }
    }

    private static string Known(Dictionary<string, ParameterInfo> offered) =>
        offered.Count == 0 ? "none is offered here" : $"known are {string.Join(", ", offered.Keys.Order(StringComparer.Ordinal))}";

    private static string? Wrong(string value, ParameterInfo parameter) =>
        TypeOf(parameter) == typeof(bool) ? (IsWord(value) ? null : "is not true or false")
        : TypeOf(parameter) == typeof(string) ? WrongText(value)
        : !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || value[0] == '+'
            ? "is not a whole number"
        : parameter.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(number) ? WrongNumber(range)
        : null;

    /// <summary>The parser takes blanks and NUL around it as well.</summary>
    private static bool IsWord(string value) => bool.TryParse(value, out var it) && value.Length == $"{it}".Length;

    private static string? WrongText(string value) => value.Contains('\0', StringComparison.Ordinal) ? "holds a NUL character" : null;

    /// <summary>Bytes that are no text are left as they are written, and would be taken for what they are not.</summary>
    private static bool IsText(ReadOnlyMemory<char> encoded)
    {
        var bytes = Encoding.UTF8.GetBytes(encoded.ToArray());
        return Utf8.IsValid(WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length));
    }

    private static string WrongNumber(RangeAttribute range) => range.Maximum is int.MaxValue
        ? $"must be {range.Minimum} or more" : $"must be {range.Minimum} to {range.Maximum}";
}
