namespace Conformance.Apps;

/// <summary>A request that a sidecar made to a test application, as it arrived.</summary>
public sealed record Call(string Verb, string Path, string Query, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public override string ToString() => $"{Verb} {Path}{Query} {(Body.Length > 300 ? $"({Body.Length} characters)" : Body)}";
}

/// <summary>What a test application answers.</summary>
public sealed record Reply(
    int Status = 200, string Body = "", string ContentType = "application/json", params (string Name, string Value)[] Headers);
