using Microsoft.OpenApi;

namespace Orchestrator.ControlPlane.Description;

/// <summary>Problem details (RFC 9457), and what they tell besides.</summary>
internal static class ProblemSchemas
{
    public static IOpenApiSchema Of(this Schemas schemas, DescribedRoute route, int status) => status switch
    {
        StatusCodes.Status400BadRequest => schemas.Named("InvalidRequest", () => Problem(
            "Says what is wrong by field.", ("errors", new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "The reasons by field, as a path: ports[0].container. What is about the whole stands under an empty name.",
                AdditionalProperties = ListOfTexts,
            }))),
        StatusCodes.Status409Conflict when route.Answers.Any(it => it.When.Contains("wait")) => schemas.Named(
            "DrainUnfinished", () => Problem(
                "The worker drains and was not empty in time.", ("worker", Text), ("empty", new() { Type = JsonSchemaType.Boolean }),
                ("holds", ListOfTexts))),
        StatusCodes.Status503ServiceUnavailable when route.IsConditional => schemas.Named("ChangeUnanswered", () => Problem(
            "The change was not answered for; whether it was made is told by outcome.",
            ("outcome", new()
            {
                Type = JsonSchemaType.String, Enum = [Outcomes.NotDone, Outcomes.InDoubt],
                Description = "not-done: nothing was changed, and will not be. unknown: ask again with the same X-Request-Id, which tells.",
            }),
            ("requestId", Text))),
        _ => schemas.Named("Problem", () => Problem("What went wrong (RFC 9457).")),
    };

    public static string Words(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "A field, a parameter, a header or a name is wrong; each is named with the reason.",
        StatusCodes.Status401Unauthorized => "A token is needed here, or the one that was shown is not known.",
        StatusCodes.Status403Forbidden => "The token has not got the role, or the request comes from a page of another origin.",
        StatusCodes.Status404NotFound => "There is no such service, worker, instance or volume.",
        StatusCodes.Status406NotAcceptable => "It is told in none of the forms that Accept allows.",
        StatusCodes.Status409Conflict => "Not now: the detail says what stands against it.",
        StatusCodes.Status412PreconditionFailed => "It is not as the asker has seen it: the detail says who changed it, when and how.",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than 1 MiB.",
        StatusCodes.Status415UnsupportedMediaType => "The body is not JSON, or it is compressed.",
        StatusCodes.Status421MisdirectedRequest => "The host that was asked for is no name of this master.",
        StatusCodes.Status504GatewayTimeout => "The program has not ended in time.",
        StatusCodes.Status503ServiceUnavailable => "An actor, or the state store, gives no answer at present: ask again.",
        _ => "A mistake of ours; traceId leads to it in the log and the traces.",
    };

    private static OpenApiSchema Problem(string words, params (string Name, OpenApiSchema Schema)[] more)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = words,
            Required = new HashSet<string> { "title", "status", "detail" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text,
                ["title"] = Text,
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The HTTP status." },
                ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What is wrong, in words." },
            },
        };
        if (more.Length == 0) schema.Properties["traceId"] = Text;
        foreach (var (name, it) in more)
        {
            schema.Properties[name] = it;
            schema.Required.Add(name);
        }

        return schema;
    }

    private static OpenApiSchema Text => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema ListOfTexts => new() { Type = JsonSchemaType.Array, Items = Text };
}
