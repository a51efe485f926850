using System.Net.Http.Headers;
using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.Client.Wire;

/// <summary>One request, which may be sent several times.</summary>
internal sealed record Question(HttpMethod Method, string Path)
{
    public const string RequestIdHeader = "X-Request-Id";

    public Query Query { get; init; } = new();

    /// <summary>Sent as JSON.</summary>
    public object? Body { get; init; }

    /// <summary>What kind of answer is wanted.</summary>
    public string Accept { get; init; } = "application/json";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Names a change, so that it is carried out once however often it is asked for.</summary>
    public string? RequestId { get; init; }

    /// <summary>Whether it may be asked again when it is not known what became of it.</summary>
    public bool MayBeRepeated { get; init; } = Method != HttpMethod.Post;

    /// <summary>Whether anything is changed by it.</summary>
    public bool Changes { get; init; } = Method != HttpMethod.Get;

    /// <summary>How much longer than usual the answer may take to begin.</summary>
    public TimeSpan TakesLonger { get; init; }

    public static Question Get(string path) => new(HttpMethod.Get, path);

    public static Question Put(string path, object body) => new(HttpMethod.Put, path) { Body = body };

    public static Question Delete(string path) => new(HttpMethod.Delete, path);

    /// <summary>Sets something that may be set again.</summary>
    public static Question Post(string path, object? body = null) => new(HttpMethod.Post, path) { Body = body, MayBeRepeated = true };

    /// <summary>Below a master's address: a name cannot lead elsewhere.</summary>
    public static string Below(params ReadOnlySpan<string> parts)
    {
        List<string> escaped = [];
        foreach (var part in parts)
        {
            ArgumentException.ThrowIfNullOrEmpty(part, nameof(parts));
            if (part is "." or "..") throw new ArgumentException($"'{part}' is no name", nameof(parts));
            escaped.Add(Uri.EscapeDataString(part));
        }

        return string.Join('/', escaped);
    }

    public Uri At(Uri master) => new(master, $"{Path}{Query}");

    public HttpRequestMessage To(Uri master, string? token)
    {
        var request = new HttpRequestMessage(Method, At(master));
        request.Headers.TryAddWithoutValidation("Accept", Accept);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (RequestId is not null) request.Headers.TryAddWithoutValidation(RequestIdHeader, RequestId);
        foreach (var (name, value) in Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (Body is null) return request;
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(Body, Body.GetType(), ContractsJson.Options));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }
}
