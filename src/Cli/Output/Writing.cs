using System.Text;

namespace Orchestrator.Cli.Output;

/// <summary>How something is meant; only a terminal shows it.</summary>
internal enum Tone { None, Good, Busy, Bad, Faint, Strong, First, Second, Third, Fourth }

/// <param name="Text">One line.</param>
internal readonly record struct Cell(string Text, Tone Tone = Tone.None)
{
    public static implicit operator Cell(string? text) => new(text ?? "");
}

/// <summary>Lines of text, with colours where they are seen.</summary>
/// <param name="isColoured">Whether tones are shown.</param>
/// <param name="width">Of the terminal, where long lines are cut; none cuts nothing.</param>
internal sealed class Writing(TextWriter to, bool isColoured = false, int? width = null)
{
    private const string Gap = "   ";

    public bool IsColoured => isColoured;

    /// <summary>Raw, for what is no line.</summary>
    public TextWriter Writer => to;

    public void Line(string text = "") => to.WriteLine(text);

    /// <summary>The text as it is seen in this tone.</summary>
    public string Paint(string text, Tone tone) => !isColoured || text.Length == 0 || Code(tone) is not { } code ? text
        : $"\u001b[{code}m{text}\u001b[0m";

    /// <summary>The same without colours, for one who compares.</summary>
    public Writing Plain() => new(to, isColoured: false, width);

    /// <summary>Columns under titles, as wide as they need to be.</summary>
    public void Table(IReadOnlyList<string> titles, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        foreach (var line in TableLines(titles, rows)) Line(line);
    }

    public IEnumerable<string> TableLines(IReadOnlyList<string> titles, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        var widths = titles.Select((title, at) => rows.Select(row => row[at].Text.Length).Append(title.Length).Max()).ToArray();
        yield return Row([.. titles.Select(it => new Cell(it, Tone.Faint))], widths);
        foreach (var row in rows) yield return Row(row, widths);
    }

    /// <summary>Pairs, one a line; those without a value are left out.</summary>
    public void Pairs(IEnumerable<(string Title, Cell Value)> pairs)
    {
        var all = pairs.Where(it => it.Value.Text.Length > 0).ToList();
        var widest = all.Select(it => it.Title.Length).DefaultIfEmpty().Max();
        foreach (var (title, value) in all) Line($"{Paint(title.PadRight(widest), Tone.Faint)}  {Paint(value.Text, value.Tone)}");
    }

    private string Row(IReadOnlyList<Cell> cells, int[] widths)
    {
        var line = new StringBuilder();
        var used = 0;
        for (var at = 0; at < cells.Count; at++)
        {
            var isLast = at == cells.Count - 1;
            var text = isLast ? cells[at].Text : cells[at].Text.PadRight(widths[at]) + Gap;
            if (width is { } room && used + text.Length > room) text = Cut(text, room - used);
            used += text.Length;
            // Blanks at the end would be there for nobody.
            var visible = text.TrimEnd();
            line.Append(Paint(visible, cells[at].Tone)).Append(text[visible.Length..]);
        }

        return line.ToString().TrimEnd();
    }

    private static string Cut(string text, int room) =>
        room <= 0 ? "" : text.TrimEnd().Length <= room ? text[..room] : $"{text[..(room - 1)]}…";

    private static string? Code(Tone tone) => tone switch
    {
        Tone.Good => "32",
        Tone.Busy => "33",
        Tone.Bad => "31",
        Tone.Faint => "2",
        Tone.Strong => "1",
        Tone.First => "36",
        Tone.Second => "35",
        Tone.Third => "34",
        Tone.Fourth => "33",
        _ => null,
    };
}
