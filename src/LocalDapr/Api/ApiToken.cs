namespace LocalDapr.Api;

/// <summary>
/// What callers must show as <c>dapr-api-token</c>; without a value they need not, and the header is one like any other, for the app.
/// </summary>
internal sealed record ApiToken(string? Value)
{
    public bool IsAskedFor => Value is { Length: > 0 };

    public bool Admits(string? shown) => !IsAskedFor || shown == Value;
}
