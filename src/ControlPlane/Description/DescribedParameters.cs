using Microsoft.OpenApi;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Events;

namespace Orchestrator.ControlPlane.Description;

/// <summary>What parameters and headers mean; the same on every route that has them.</summary>
internal static class DescribedParameters
{
    private static readonly Dictionary<string, string> ByName = new(StringComparer.Ordinal)
    {
        ["dryRun"] = "true: nothing is done, and the answer is what would be.",
        ["why"] = "The reason, for the history and the audit log.",
        ["replace"] = "true: what is there and differs is changed to what the backup says.",
        ["after"] = "The list goes on after this name: next of the page before.",
        ["watch"] = "true: it is told whenever it changes, as server-sent events without an end.",
        ["lastEventId"] = "The same as Last-Event-ID, for who cannot send headers; start tells all that is kept.",
        ["label"] = "Only services with this label: key=value, or a key alone.",
        ["state"] = "Only services in this state.",
        ["worker"] = "Only services that have instances on this worker, or are about to.",
        ["limit"] = "How many lines a page has at most.",
        ["from"] = "The first slot of the page: next of the page before.",
        ["host"] = "Host of the registry, with its port if it has one.",
        ["pull"] = "true: only if the image's tag has moved, or a secret or a config has a newer version.",
        ["wait"] = "true: answers when the worker is empty, or when the time is over.",
        ["timeoutSeconds"] = "How long to wait.",
        ["id"] = "Name of the instance, such as web-1-r1-a1.",
        ["rebalance"] = "true: services spread out anew.",
        ["follow"] = "true: the answer goes on with what comes, until the caller leaves.",
        ["tail"] = "Of each instance so many lines of what is there, the last ones; without since 100, with it all.",
        ["since"] = "Only lines from this moment on, it included: RFC 3339 with up to nanoseconds; or how long ago, as 10m.",
        ["command"] = "The program with its arguments: words with blanks between them, or a JSON list of texts.",
        ["terminal"] = "true: the program has a terminal.",
        ["columns"] = "Width of the terminal.",
        ["rows"] = "Height of the terminal.",
        ["user"] = "As whom, a name or user:group; without it as the instance itself.",
        ["workingDir"] = "Where, an absolute path; without it where the instance runs.",
        ["every"] = "Seconds between two samples.",
        ["instance"] = "Only of this instance.",
        ["timestamps"] = "true: each line of text has its time before it.",
        ["stream"] = "Only what was written to stdout, or to stderr.",
    };

    public const string LastEventId = "Last-Event-ID";

    public static OpenApiParameter Resumption => new()
    {
        Name = LastEventId, In = ParameterLocation.Header, Example = "9f86d081-4711",
        Description = "Goes on after this event; what is not kept any more is told as a gap. Stands above lastEventId.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = $"{EventMark.Pattern}|^start$" },
    };

    public const string RequestId = "X-Request-Id";
    public const string RequestIdPattern = "^[A-Za-z0-9._~-]{1,64}$";

    public static string Words(string name, string path) =>
        name == "worker" && path.StartsWith("/volumes", StringComparison.Ordinal) ? "The worker on which the volumes are."
        : name == "deployment" ? "Number of the deployment."
        : name != "name" ? ByName.GetValueOrDefault(name, "")
        : IsOf("volumes", path) ? "Name of the volume."
        : IsOf("stacks", path) ? "Name of the stack."
        : IsOfService(path) ? "Name of the service." : IsOf("secrets", path) ? "Name of the secret."
        : IsOf("configs", path) ? "Name of the config." : "Name of the worker.";

    /// <summary>Of what stands in a path.</summary>
    public static OpenApiSchema Named(string name, string path) => name == "deployment"
        ? new() { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1" } : Name(path);

    private static OpenApiSchema Name(string path) => IsOf("instances", path)
        ? new() { Type = JsonSchemaType.String, Pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9]{1,9}-r[0-9]{1,9}-a[0-9]{1,9}$" }
        : IsOf("stacks", path)
        ? new()
        {
            Type = JsonSchemaType.String, MinLength = 1, MaxLength = StackNames.MaxLength, Pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
        }
        : IsOfService(path)
        ? new()
        {
            Type = JsonSchemaType.String, MinLength = 1, MaxLength = ServiceNames.MaxLength, Pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
        }
        : IsOf("secrets", path) || IsOf("configs", path)
            ? new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 64, Pattern = ContentNames.Pattern }
        : IsOf("registries", path)
            ? new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 260, Pattern = ContentNames.HostPattern }
        : new() { Type = JsonSchemaType.String };

    public static IEnumerable<OpenApiParameter> Conditions =>
    [
        Condition("If-Match", "Tags as ETag tells them, or *: changed only when the service has one of them, otherwise 412."),
        new()
        {
            Name = RequestId, In = ParameterLocation.Header, Example = "deploy-42",
            Description = "Names the request: asked again with the same name it is carried out once, and the answer tells what became of it.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = RequestIdPattern },
        },
        Condition("If-None-Match", "*: created only when there is no such service, otherwise 412. Tags: when it has none of them."),
    ];

    public static Dictionary<string, IOpenApiHeader>? Of(IReadOnlyCollection<Answer> answers)
    {
        var tag = answers.Any(it => it.HasTag) ? Header("ETag", "Names the state of the wish; another after every change.") : [];
        var location = answers.Any(it => it.HasLocation) ? Header("Location", "Where it is.") : [];
        return tag.Count + location.Count == 0 ? null : tag.Concat(location).ToDictionary();
    }

    public static Dictionary<string, IOpenApiHeader> Header(string name, string words) => new()
    {
        [name] = new OpenApiHeader { Description = words, Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
    };

    private static OpenApiParameter Condition(string name, string words) => new()
    {
        Name = name, In = ParameterLocation.Header, Description = words,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = "\"3.7\"",
    };

    private static bool IsOfService(string path) => IsOf("services", path);

    private static bool IsOf(string what, string path) => path.StartsWith($"/{what}/", StringComparison.Ordinal);
}
