using System.Text.RegularExpressions;

namespace Orchestrator.Contracts.Services;

/// <summary>
/// Names of services: lower-case letters, digits and hyphens, because they become actor ids, container names and DNS labels.
/// </summary>
public static partial class ServiceNames
{
    public const int MaxLength = 40;

    /// <summary>Why the name cannot be used, or null when it can.</summary>
    public static string? Problem(string name) =>
        name.Length > MaxLength ? $"is {name.Length} characters long; at most {MaxLength} are allowed"
        : !Shape().IsMatch(name) ? "consists of lower-case letters, digits and hyphens, and begins and ends with a letter or digit"
        : null;

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex Shape();
}
