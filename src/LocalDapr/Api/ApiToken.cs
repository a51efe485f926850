namespace LocalDapr.Api;

/// <summary>What callers must show as <c>dapr-api-token</c>; without a value they need not.</summary>
internal sealed record ApiToken(string? Value)
{
    public bool Admits(string? shown) => Value is not { Length: > 0 } || shown == Value;
}
