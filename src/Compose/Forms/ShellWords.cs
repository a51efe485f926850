using System.Text;

namespace Orchestrator.Compose.Forms;

/// <summary>Splits a text into words as a shell does, and does nothing else that a shell would: no variables, no wildcards.</summary>
internal static class ShellWords
{
    /// <summary>The words; none when a quote is not closed.</summary>
    public static IReadOnlyList<string>? Split(string text)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var isWord = false;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\'':
                    var end = text.IndexOf('\'', at + 1);
                    if (end < 0) return null;
                    word.Append(text, at + 1, end - at - 1);
                    (at, isWord) = (end, true);
                    break;
                case '"':
                    if (DoubleQuoted(text, at + 1, word) is not { } close) return null;
                    (at, isWord) = (close, true);
                    break;
                case '\\' when at + 1 < text.Length:
                    // A backslash before the end of a line joins it with the next one.
                    if (text[++at] == '\n') break;
                    word.Append(text[at]);
                    isWord = true;
                    break;
                case ' ' or '\t' or '\r' or '\n':
                    if (isWord) words.Add(word.ToString());
                    word.Clear();
                    isWord = false;
                    break;
                default:
                    word.Append(text[at]);
                    isWord = true;
                    break;
            }
        }

        if (isWord) words.Add(word.ToString());
        return words;
    }

    /// <summary>Where the closing quote is; none when there is none.</summary>
    private static int? DoubleQuoted(string text, int start, StringBuilder word)
    {
        for (var at = start; at < text.Length; at++)
        {
            if (text[at] == '"') return at;
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\' or '$' or '`' or '\n')
            {
                if (text[++at] != '\n') word.Append(text[at]);
            }
            else
            {
                word.Append(text[at]);
            }
        }

        return null;
    }
}
