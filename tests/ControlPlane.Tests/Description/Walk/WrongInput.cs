
namespace Orchestrator.ControlPlane.Tests.Description.Walk;

/// <summary>A request that is to be refused.</summary>
/// <param name="Request">Verb and path with the query.</param>
/// <param name="Words">What is wrong with it.</param>
internal sealed record WrongInput(string Request, string Words)
{
    /// <summary>None where the request comes without.</summary>
    public byte[]? Body { get; init; }

    public string? Type { get; init; } = "application/json";

    public string? Encoding { get; init; }

    public (string Name, string Value)[] Headers { get; init; } = [];

    /// <summary>The field, parameter or header that the answer has to name; none where a plain reason will do.</summary>
    public string? Named { get; init; }

    /// <summary>The only status that will do; none where any that blames the caller does.</summary>
    public int? Status { get; init; }

    public HttpContent? Content()
    {
        if (Body is null) return null;
        var content = new ByteArrayContent(Body);
        if (Type is not null) content.Headers.TryAddWithoutValidation("Content-Type", Type);
        if (Encoding is not null) content.Headers.ContentEncoding.Add(Encoding);
        return content;
    }

    public override string ToString()
    {
        var headers = string.Concat(Headers.Select(it => $" [{it.Name}: {it.Value}]"));
        var body = Body is null ? "" : $" {System.Text.Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 300)))}";
        return $"{Request}{headers}{body} ({Words})";
    }
}
