using System.Text;
using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Nodes;

namespace Orchestrator.Compose.Variables;

/// <summary>Reads files of variables, by the rules of <c>env_file</c>: a line each, <c>NAME[=[VALUE]]</c>.</summary>
internal static class EnvFile
{
    /// <summary>The variables in order; a name without <c>=</c> has no value, and is unset.</summary>
    /// <param name="variable">Variables from outside, which have precedence over earlier lines of the file.</param>
    /// <param name="isRaw">Values are taken as they are written.</param>
    /// <exception cref="ComposeFault">A line cannot be read.</exception>
    public static IReadOnlyList<KeyValuePair<string, string?>> Read(
        string file, string text, Func<string, string?> variable, Notes notes, bool isRaw = false)
    {
        List<KeyValuePair<string, string?>> found = [];
        Dictionary<string, string?> known = new(StringComparer.Ordinal);
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            var place = new Place(file, at + 1, "");
            var line = lines[at].TrimStart();
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.StartsWith("export ", StringComparison.Ordinal)) line = line[7..].TrimStart();
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var name = (equals < 0 ? line : line[..equals]).Trim();
            if (name.Length == 0 || name.Any(char.IsWhiteSpace))
                throw new ComposeFault(place, $"'{name}' is not the name of a variable; a line is NAME=VALUE");
            string? value = null;
            if (equals >= 0)
            {
                var rest = line[(equals + 1)..];
                value = isRaw ? rest : Value(rest.TrimStart(), lines, ref at, place);
            }

            known[name] = value;
            found.Add(new(name, value));
        }

        return found;

        string Value(string rest, string[] all, ref int at, Place place) => rest switch
        {
            ['\'', ..] => Quoted(rest, '\'', all, ref at, place),
            ['"', ..] => Interpolated(Quoted(rest, '"', all, ref at, place), place),
            _ => Interpolated(Unquoted(rest), place),
        };

        string Interpolated(string value, Place place)
        {
            try
            {
                return new Interpolation(name => variable(name) ?? known.GetValueOrDefault(name),
                    name => notes.Warn($"${{{name}}}", place, "is not set; it is taken as empty")).Apply(value);
            }
            catch (InterpolationException e)
            {
                throw new ComposeFault(place, e.Message);
            }
        }
    }

    /// <summary>Up to a comment, which has a blank before it.</summary>
    private static string Unquoted(string rest)
    {
        for (var at = 0; at < rest.Length; at++)
        {
            if (rest[at] == '#' && (at == 0 || char.IsWhiteSpace(rest[at - 1]))) return rest[..at].TrimEnd();
        }

        return rest.TrimEnd();
    }

    /// <summary>Up to the closing quote, over several lines if need be; what follows may only be a comment.</summary>
    private static string Quoted(string rest, char quote, string[] lines, ref int line, Place place)
    {
        var value = new StringBuilder();
        for (var at = 1; ; at++)
        {
            if (at >= rest.Length)
            {
                if (++line >= lines.Length) throw new ComposeFault(place, $"has no closing {quote}");
                value.Append('\n');
                (rest, at) = (lines[line], -1);
            }
            else if (rest[at] == quote)
            {
                var after = rest[(at + 1)..].TrimStart();
                return after.Length == 0 || after[0] == '#' ? value.ToString()
                    : throw new ComposeFault(place, $"has '{after}' after the closing {quote}");
            }
            else if (rest[at] == '\\' && at + 1 < rest.Length)
            {
                value.Append(quote == '"' ? Escaped(rest[at + 1]) : rest[at + 1] == '\'' ? "'" : $"\\{rest[at + 1]}");
                at++;
            }
            else
            {
                value.Append(rest[at]);
            }
        }
    }

    /// <summary>As shells have it; a dollar is doubled, so that no variable begins there.</summary>
    private static string Escaped(char c) => c switch
    {
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        '\\' => "\\",
        '"' => "\"",
        '$' => "$$",
        _ => $"\\{c}",
    };
}
