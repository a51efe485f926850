using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;

namespace Orchestrator.Cli.Tests;

/// <summary>An API in memory: each route answers as the test says, and what was asked is kept.</summary>
internal sealed class PlayedApi : HttpMessageHandler
{
    private readonly Dictionary<string, Func<JsonNode?, HttpResponseMessage>> routes = [];

    /// <summary>As <c>PUT /services/web {"instances":5}</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentQueue<string?> Tokens { get; } = new();

    /// <summary>What changes, without looks.</summary>
    public IEnumerable<string> Changes => Asked.Where(it => !it.StartsWith("GET", StringComparison.Ordinal));

    /// <summary>A route such as <c>GET /services/web</c>, with its query or without.</summary>
    public PlayedApi On(string route, Func<JsonNode?, HttpResponseMessage> answer)
    {
        routes[route] = answer;
        return this;
    }

    public PlayedApi On(string route, object answer, HttpStatusCode status = HttpStatusCode.OK) =>
        On(route, _ => Json(answer is string text ? text : Serialized(answer), status));

    /// <summary>Answers one after the other, the last again and again.</summary>
    public PlayedApi OnEach(string route, params object[] answers)
    {
        var next = 0;
        return On(route, _ => Json(Serialized(answers[Math.Min(next++, answers.Length - 1)])));
    }

    public PlayedApi Refuse(string route, HttpStatusCode status, string detail, string fields = "") => On(route, _ => Json(
        $$"""{"title":"refused","status":{{(int)status}},"detail":{{JsonValue.Create(detail).ToJsonString()}}{{fields}}}""", status,
        "application/problem+json"));

    public static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK, string type = "application/json") =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, type) };

    private static string Serialized(object value) =>
        System.Text.Json.JsonSerializer.Serialize(value, value.GetType(), ContractsJson.Options);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var (target, path) = (request.RequestUri!.PathAndQuery, request.RequestUri.AbsolutePath);
        Asked.Enqueue($"{request.Method} {target} {body}".TrimEnd());
        Tokens.Enqueue(request.Headers.Authorization?.Parameter);
        var answer = routes.GetValueOrDefault($"{request.Method} {target}") ?? routes.GetValueOrDefault($"{request.Method} {path}");
        return answer?.Invoke(body is null ? null : JsonNode.Parse(body))
            ?? Json($$"""{"title":"t","detail":"the test plays no {{request.Method}} {{target}}"}""", HttpStatusCode.NotImplemented,
                "application/problem+json");
    }
}
