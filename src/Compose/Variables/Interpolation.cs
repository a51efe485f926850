using System.Text;

namespace Orchestrator.Compose.Variables;

/// <summary>
/// Puts the values of variables into a text: <c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-default}</c>, <c>${NAME-default}</c>,
/// <c>${NAME:?error}</c>, <c>${NAME?error}</c>, <c>${NAME:+other}</c>, <c>${NAME+other}</c>, one in another, and <c>$$</c> for a dollar.
/// </summary>
/// <param name="variable">The value of a variable; none when it is not set.</param>
/// <param name="unset">Is told of each variable that is not set and has no default: an empty text takes its place.</param>
internal sealed class Interpolation(Func<string, string?> variable, Action<string> unset)
{
    /// <exception cref="InterpolationException">A variable is required and not there, or braces hold no variable.</exception>
    public string Apply(string text)
    {
        if (!text.Contains('$', StringComparison.Ordinal)) return text;
        var result = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var next = at + 1 < text.Length ? text[at + 1] : '\0';
            if (text[at] != '$' || !(next is '$' or '{' || IsFirst(next)))
            {
                result.Append(text[at++]);
            }
            else if (next == '$')
            {
                result.Append('$');
                at += 2;
            }
            else if (next == '{')
            {
                var end = Closing(text, at + 1);
                if (end < 0) throw new InterpolationException($"'{text[at..]}' has no closing brace; write $$ for a dollar");
                result.Append(Braced(text[(at + 2)..end]));
                at = end + 1;
            }
            else
            {
                var name = NameAt(text, at + 1);
                result.Append(Value(name));
                at += 1 + name.Length;
            }
        }

        return result.ToString();
    }

    private string Braced(string inner)
    {
        var name = NameAt(inner, 0);
        var rest = inner[name.Length..];
        if (name.Length == 0 || rest.Length > 0 && Operator(rest).Length == 0)
            throw new InterpolationException(
                $"'${{{inner}}}' is not understood: it is a name, and perhaps one of :- - :? ? :+ + with a text; write $$ for a dollar");
        if (rest.Length == 0) return Value(name);
        var sign = Operator(rest);
        var word = rest[sign.Length..];
        var value = variable(name);
        // With a colon a variable that is empty counts as one that is not set.
        var counts = sign[0] == ':' ? !string.IsNullOrEmpty(value) : value is not null;
        return sign[^1] switch
        {
            '-' => counts ? value! : Apply(word),
            '+' => counts ? Apply(word) : "",
            _ => counts ? value! : throw new InterpolationException(
                Apply(word) is { Length: > 0 } why ? $"{name} is required: {why}" : $"{name} is required and not set"),
        };
    }

    private string Value(string name)
    {
        if (variable(name) is { } value) return value;
        unset(name);
        return "";
    }

    private static string Operator(string rest) =>
        rest is [':', '-' or '?' or '+', ..] ? rest[..2] : rest is ['-' or '?' or '+', ..] ? rest[..1] : "";

    /// <summary>The brace that closes the one at a position, over others in between; -1 when there is none.</summary>
    private static int Closing(string text, int open)
    {
        var depth = 0;
        for (var at = open; at < text.Length; at++)
        {
            if (text[at] == '{') depth++;
            if (text[at] == '}' && --depth == 0) return at;
        }

        return -1;
    }

    private static string NameAt(string text, int start)
    {
        var end = start;
        while (end < text.Length && (IsFirst(text[end]) || end > start && char.IsAsciiDigit(text[end]))) end++;
        return text[start..end];
    }

    private static bool IsFirst(char c) => char.IsAsciiLetter(c) || c == '_';
}

/// <summary>The message says what is wrong, without the place.</summary>
internal sealed class InterpolationException(string message) : Exception(message);
