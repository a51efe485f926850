using System.Text.Json;

namespace Orchestrator.Mutation;

/// <summary>One change of the code that the tests were run against.</summary>
/// <param name="File">Below src/ControlPlane.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Original">The code that was changed, its white space made single spaces.</param>
/// <param name="Changed">What stood there instead, likewise.</param>
/// <param name="Status">Killed, Survived, Timeout and the other words of the mutation testing report schema.</param>
internal sealed record Mutant(string File, int Line, string Original, string Changed, string Status)
{
    public bool Survived => Status is "Survived" or "NoCoverage";

    public bool Tested => Survived || Status is "Killed" or "Timeout";
}

/// <summary>Reads the JSON report of Stryker.NET (mutation testing report schema 2).</summary>
internal static class Report
{
    public static IReadOnlyList<Mutant> Read(string path)
    {
        using var report = JsonDocument.Parse(File.ReadAllText(path));
        return
        [
            .. from file in report.RootElement.GetProperty("files").EnumerateObject()
               let source = file.Value.GetProperty("source").GetString()!.Split('\n')
               from mutant in file.Value.GetProperty("mutants").EnumerateArray()
               let location = mutant.GetProperty("location")
               let start = Position(location.GetProperty("start"))
               let end = Position(location.GetProperty("end"))
               select new Mutant(
                   Below(file.Name), start.Line, Single(Between(source, start, end)),
                       Single(mutant.GetProperty("replacement").GetString() ?? ""), mutant.GetProperty("status").GetString()!),
        ];
    }

    private static string Below(string file)
    {
        const string Core = "src/ControlPlane/";
        var at = file.Replace('\\', '/').LastIndexOf(Core, StringComparison.Ordinal);
        return at < 0 ? file : file[(at + Core.Length)..];
    }

    private static (int Line, int Column) Position(JsonElement at) =>
        (at.GetProperty("line").GetInt32(), at.GetProperty("column").GetInt32());

    private static string Between(string[] source, (int Line, int Column) start, (int Line, int Column) end)
    {
        if (start.Line == end.Line) return source[start.Line - 1][(start.Column - 1)..(end.Column - 1)];
        return string.Join('\n', [source[start.Line - 1][(start.Column - 1)..], .. source[start.Line..(end.Line - 1)],
            source[end.Line - 1][..(end.Column - 1)]]);
    }

    private static string Single(string code) => string.Join(' ', code.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
