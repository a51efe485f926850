using System.Text.RegularExpressions;
using Orchestrator.Contracts.Content;

namespace Orchestrator.ControlPlane.Content;

/// <summary>Which names secrets, configs and registries can have.</summary>
internal static partial class ContentNames
{
    public const string Pattern = "^[a-zA-Z0-9]([a-zA-Z0-9_.-]{0,62}[a-zA-Z0-9])?$";
    public const string HostPattern = "^[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?(:[0-9]{1,5})?$";

    /// <summary>Why it is no name; none when it is one.</summary>
    public static string? Problem(string? name) =>
        name is not null && Names().IsMatch(name) && !name.EndsWith('\n') ? null
        : "consists of 1 to 64 letters, digits, '-', '_' and '.', and begins and ends with a letter or a digit";

    /// <inheritdoc cref="Problem"/>
    public static string? HostProblem(string host) =>
        Hosts().IsMatch(host) && !host.EndsWith('\n') ? null
        : "is the host of a registry, with its port if it has one: registry.example.com:5000";

    public static string Word(this ContentKind kind) => kind == ContentKind.Secret ? "secret" : "config";

    [GeneratedRegex(Pattern)]
    private static partial Regex Names();

    [GeneratedRegex(HostPattern)]
    private static partial Regex Hosts();
}
