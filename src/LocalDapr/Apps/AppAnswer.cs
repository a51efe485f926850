using System.Net.Http.Headers;

namespace LocalDapr.Apps;

/// <summary>A whole answer of an app, with its headers as they came.</summary>
internal sealed record AppAnswer(int Status, HttpResponseHeaders? Headers, HttpContentHeaders? ContentHeaders, byte[] Body)
{
    /// <summary>Stands for an answer where the question had become needless.</summary>
    public static AppAnswer Unasked { get; } = new(200, null, null, []);

    public bool Is2xx => Status is >= 200 and < 300;

    /// <summary>The first value of a header, if there is one.</summary>
    public string? Header(string name) =>
        Headers is not null && Headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
