using System.Net;
using System.Text.Json.Nodes;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Client.Problems;

/// <summary>A master refused, and said why (RFC 9457).</summary>
public sealed class ProblemException : Exception
{
    public ProblemException(HttpStatusCode status, string title, string? detail, JsonObject fields)
        : base(detail ?? title)
    {
        (Status, Title, Detail, Fields) = (status, title, detail, fields);
        Errors = fields["errors"] is not JsonObject errors ? []
            : errors.SelectMany(it => Texts(it.Value).Select(reason => new FieldProblem(it.Key, reason))).ToValueList();
    }

    public HttpStatusCode Status { get; }

    /// <summary>What kind of problem it is.</summary>
    public string Title { get; }

    /// <summary>What is wrong, in words.</summary>
    public string? Detail { get; }

    /// <summary>What is wrong by field, where the request cannot be accepted as it is.</summary>
    public ValueList<FieldProblem> Errors { get; }

    /// <summary>The whole problem.</summary>
    public JsonObject Fields { get; }

    /// <summary>Of a change that nobody answers for: what became of it, as far as it is known.</summary>
    public ChangeOutcome? Outcome => Text("outcome") switch
    {
        "not-done" => ChangeOutcome.NotDone,
        "unknown" => ChangeOutcome.Unknown,
        _ => null,
    };

    /// <summary>Asked again with it, a change is carried out once at most.</summary>
    public string? RequestId => Text("requestId");

    /// <summary>Of a drain that was waited for: what is still there, a sentence each.</summary>
    public ValueList<string> Holds => Texts(Fields["holds"]).ToValueList();

    internal TimeSpan? RetryAfter { get; init; }

    private string? Text(string field) => Fields[field] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static IEnumerable<string> Texts(JsonNode? list) => list is JsonArray array ? array.Select(it => $"{it}") : [];
}

/// <summary>What became of a change of which no answer came.</summary>
public enum ChangeOutcome
{
    /// <summary>Nothing was changed, and will not be.</summary>
    NotDone,

    /// <summary>Asking again with the same id tells, and does it once at most.</summary>
    Unknown,
}
