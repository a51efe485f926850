using System.Text.RegularExpressions;

namespace LocalDapr.Components;

/// <summary>Environment variables in texts, written <c>${NAME}</c>; an unknown one is empty.</summary>
internal static partial class Variables
{
    public static string Expand(string text) =>
        Variable().Replace(text, match => Environment.GetEnvironmentVariable(match.Groups[1].Value) ?? "");

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Variable();
}
