using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Orchestrator.ControlPlane.Description;

/// <summary>Writes into the document what our routes say of themselves.</summary>
/// <param name="oneAnswerEach">
/// Whether an operation has one success alone, and no parameter that leads to another one; and a value one form.
/// </param>
internal sealed class Document(bool oneAnswerEach) : IOpenApiDocumentTransformer
{
    private const string Bearer = "bearer";

    private static readonly int[] OfEveryRoute = [400, 401, 403, 415, 421, 500, 503];

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Orchestrator",
            Version = typeof(Document).Assembly.GetName().Version!.ToString(3),
            Description = "Runs containers on many machines. Every master answers every request. "
                + (oneAnswerEach ? "For generators of clients: without the parameters that lead to another kind of answer, such as dryRun."
                    : "Generators of clients take /openapi/client.json, where each operation has one kind of answer."),
        };
        document.Servers = [];
        document.Components = new OpenApiComponents { Schemas = new Dictionary<string, IOpenApiSchema>() };
        document.AddComponent(Bearer, (IOpenApiSecurityScheme)new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = Bearer, Description = "Where the masters have API_TOKENS: Authorization: Bearer TOKEN",
        });
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }, []];

        if (oneAnswerEach) RemoveStreams(document, context);
        var all = context.DescriptionGroups.SelectMany(it => it.Items).Select(it => Find(document, it)).OfType<Described>().ToList();
        var schemas = new Schemas(document, oneAnswerEach);
        foreach (var it in all) it.Operation.RequestBody = it.Route.Body is { } body ? Body(schemas, body) : null;
        foreach (var it in all)
        {
            (it.Operation.OperationId, it.Operation.Summary) = (it.Route.Id, it.Route.Summary);
            it.Operation.Parameters = Parameters(it).ToList();
            it.Operation.Responses = Responses(schemas, it.Route);
        }

        document.Components.Schemas = document.Components.Schemas.OrderBy(it => it.Key, StringComparer.Ordinal).ToDictionary();
        return Task.CompletedTask;
    }

    /// <summary>What never ends is no answer to a generator.</summary>
    private static void RemoveStreams(OpenApiDocument document, OpenApiDocumentTransformerContext context)
    {
        foreach (var it in context.DescriptionGroups.SelectMany(it => it.Items))
        {
            if (it.ActionDescriptor.EndpointMetadata.OfType<DescribedRoute>().LastOrDefault() is { } route
                && route.Answers.All(answer => answer.Types is ["text/event-stream"])) document.Paths.Remove(PathOf(it));
        }
    }

    private static string PathOf(ApiDescription description) => $"/{description.RelativePath!.TrimEnd('/')}";

    private sealed record Described(string Path, OpenApiOperation Operation, DescribedRoute Route);

    /// <summary>What has no success, such as a WebSocket, is nothing that a generated client can call.</summary>
    private static bool IsNoCall(ApiDescription description) =>
        description.ActionDescriptor.EndpointMetadata.OfType<DescribedRoute>().LastOrDefault() is { } route
        && route.Answers.All(it => it.Status is < 200 or > 299);

    /// <summary>Asking for the headers alone is as asking for the whole, and no operation of its own.</summary>
    private Described? Find(OpenApiDocument document, ApiDescription description)
    {
        var path = PathOf(description);
        if (!document.Paths.TryGetValue(path, out var found)) return null;
        var operations = found.Operations!;
        operations.Remove(HttpMethod.Head);
        if (oneAnswerEach && IsNoCall(description))
        {
            operations.Remove(HttpMethod.Parse(description.HttpMethod!));
            return null;
        }

        return description.HttpMethod != HttpMethods.Head
            && description.ActionDescriptor.EndpointMetadata.OfType<DescribedRoute>().LastOrDefault() is { } route
            ? new(path, operations[HttpMethod.Parse(description.HttpMethod!)], route) : null;
    }

    private static OpenApiRequestBody Body(Schemas schemas, TakenBody body) => new()
    {
        Required = !body.MayBeAbsent,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/json"] = new() { Schema = schemas.Taken(body), Examples = Examples.Taken(body) },
        },
    };

    private IEnumerable<IOpenApiParameter> Parameters(Described it)
    {
        foreach (var parameter in it.Operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (oneAnswerEach && it.Route.Answers.Any(answer => answer.When.Contains(parameter.Name))) continue;
            parameter.Description = DescribedParameters.Words(parameter.Name!, it.Path);
            if (parameter.In == ParameterLocation.Path) parameter.Schema = DescribedParameters.Named(parameter.Name!, it.Path);
            yield return parameter;
        }

        if (it.Route.IsResumed) yield return DescribedParameters.Resumption;
        if (it.Route.IsConditional) foreach (var header in DescribedParameters.Conditions) yield return header;
    }

    private OpenApiResponses Responses(Schemas schemas, DescribedRoute route)
    {
        var responses = new OpenApiResponses();
        foreach (var same in route.Answers.Where(it => !oneAnswerEach || it.When.Length == 0)
            .GroupBy(it => it.Status).OrderBy(it => it.Key))
            responses[$"{same.Key}"] = Response(schemas, same.ToList());
        int[] ofBodies = route.Body is null ? [] : [413];
        foreach (var status in OfEveryRoute.Concat(route.Problems).Concat(ofBodies).Order())
            responses[$"{status}"] = Response(schemas, route, status);
        return responses;
    }

    private static OpenApiResponse Response(Schemas schemas, List<Answer> answers)
    {
        var content = answers.Where(it => it.Shape is not null).SelectMany(it => it.Types).Distinct()
            .ToDictionary(type => type, type => Content(schemas, type, answers.Where(it => it.Types.Contains(type)).ToList()));
        return new OpenApiResponse
        {
            Description = string.Join(" ", answers.Select(it => it.Words)),
            Content = content.Count == 0 ? null : content,
            Headers = DescribedParameters.Of(answers),
        };
    }

    private static OpenApiMediaType Content(Schemas schemas, string type, List<Answer> answers)
    {
        if (type == "text/plain") return new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        var shapes = answers.Select(it => it.Shape).OfType<Type>().Distinct().Select(schemas.Told).ToList();
        return new()
        {
            Schema = shapes.Count == 1 ? shapes[0] : new OpenApiSchema { OneOf = shapes }, Examples = Examples.Told(answers),
        };
    }

    private static OpenApiResponse Response(Schemas schemas, DescribedRoute route, int status) => new()
    {
        Description = ProblemSchemas.Words(status),
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/problem+json"] = new() { Schema = schemas.Of(route, status), Examples = Examples.Problem(status) },
        },
        Headers = status switch
        {
            401 => DescribedParameters.Header("WWW-Authenticate", "Bearer"),
            503 => DescribedParameters.Header("Retry-After", "Seconds to wait before asking again."),
            _ => null,
        },
    };
}
