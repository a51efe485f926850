using System.Text.Json;

namespace Orchestrator.Contracts.Services;

/// <summary>Volumes as Docker writes them: <c>data:/var/lib/x:ro</c>, <c>/srv/www:/www</c>, <c>/scratch</c>.</summary>
public static class ShortVolumes
{
    /// <summary>What is understood, for those who write and those who describe.</summary>
    public const string Pattern = @"^([^:]+:)?/[^:]+(:(ro|rw))?$";

    public const string Ways =
        "a volume is text such as \"data:/var/lib/x:ro\" (mode ro or rw), or {\"source\":\"data\",\"target\":\"/var/lib/x\"}";

    /// <exception cref="JsonException">It is none.</exception>
    internal static VolumeMount Read(string text)
    {
        var parts = text.Split(':');
        var isReadOnly = parts[^1] == "ro";
        if (parts[^1] is "ro" or "rw") parts = parts[..^1];
        return parts switch
        {
            [var target] when IsPath(target) => new("", target, isReadOnly),
            [{ Length: > 0 } source, var target] when IsPath(target) => new(source, target, isReadOnly),
            _ => throw new JsonException(Ways),
        };
    }

    private static bool IsPath(string text) => text.Length > 1 && text[0] == '/';
}
