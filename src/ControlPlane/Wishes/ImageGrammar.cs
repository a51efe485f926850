using System.Text.RegularExpressions;
using Orchestrator.Contracts.Content;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>The grammar of image references, as registries and engines have it: <c>[host[:port]/]path[:tag][@digest]</c>.</summary>
internal static partial class ImageGrammar
{
    private const int Longest = 255;

    /// <summary>Why no engine takes it; none when it is right.</summary>
    public static string? Problem(string? image) =>
        string.IsNullOrWhiteSpace(image) ? "is required"
        : image.Length > Longest ? $"is at most {Longest} characters long"
        : Flaw(image) is { } flaw ? $"is not an image reference such as nginx:1.27: {flaw}"
        : null;

    private static string? Flaw(string image)
    {
        var (name, digest) = image.Split('@', 2) is [var before, var after] ? (before, after) : (image, null);
        if (digest is not null && !Digest().IsMatch(digest)) return $"'{digest}' is not a digest, sha256: and 64 hexadecimal digits";
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/'))
        {
            var tag = name[(colon + 1)..];
            if (!Tag().IsMatch(tag)) return $"'{tag}' is not a tag, 1 to 128 letters, digits, '_', '.' or '-'";
            name = name[..colon];
        }

        var parts = name.Split('/');
        var hasHost = parts.Length > 1 && ImageReference.IsHost(parts[0]);
        if (hasHost && !Host().IsMatch(parts[0])) return $"'{parts[0]}' is not the host of a registry";
        return parts.Skip(hasHost ? 1 : 0).FirstOrDefault(part => !Part().IsMatch(part)) is not { } wrong ? null
            : wrong.Length == 0 ? "a part of its name is empty"
            : $"'{wrong}' is not a part of a name, lower-case letters and digits with '.', '_', '__' or '-' between them";
    }

    [GeneratedRegex(@"^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})\z")]
    private static partial Regex Digest();

    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}\z")]
    private static partial Regex Tag();

    [GeneratedRegex(
        @"^([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?\z")]
    private static partial Regex Host();

    [GeneratedRegex(@"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*\z")]
    private static partial Regex Part();
}
