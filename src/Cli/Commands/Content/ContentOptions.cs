using System.CommandLine;
using System.Text;
using System.Text.Unicode;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Content;

namespace Orchestrator.Cli.Commands.Content;

/// <summary>What verbs of secrets, configs, registries and volumes share.</summary>
internal sealed class ContentOptions
{
    public Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Do not ask" };

    public Option<string?> Why { get; } = new("--why") { Description = "For the audit log", HelpName = "words" };

    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Only show the steps with their reasons" };

    public Option<string?> From { get; } = new("--from-file") { Description = "A file that holds the value; - reads standard input",
        HelpName = "file" };

    /// <summary>A value, as text where it is some and as base64 otherwise.</summary>
    public (string? Text, string? Base64) Value(Session session, string? given)
    {
        if (given is not null && session.Get(From) is not null) throw CliException.Usage("a value and --from-file are one too many");
        if (given is not null && given != "-") return (given, null);
        var file = session.Get(From) ?? given
            ?? throw CliException.Usage("no value is given", "give --from-file FILE, or - to read standard input");
        if (file == "-") return (session.Around.In.ReadToEnd(), null);
        var bytes = Read(file);
        return Utf8.IsValid(bytes) && !bytes.Contains((byte)0) ? (Encoding.UTF8.GetString(bytes), null)
            : (null, Convert.ToBase64String(bytes));
    }

    /// <summary>What came of a new version.</summary>
    public static void Tell(Session session, ContentChanged changed) => session.Results.One(changed, changed.Name, (to, _) =>
    {
        to.Line($"{changed.Name}: version {changed.Version}");
        if (changed.Rolls.Count > 0) to.Line($"{to.Paint("rolls", Tone.Busy)}: {string.Join(", ", changed.Rolls)}");
        if (changed.Stays.Count > 0) to.Line($"{to.Paint("stays", Tone.Faint)}: {string.Join(", ", changed.Stays)}; orc restart --pull brings the new version");
    });

    /// <summary>Services and registries that use something.</summary>
    public static string Users(IEnumerable<ContentUser> users) => string.Join(
        ", ", users.Select(it => it.Service is { } service ? $"{service} (version {it.Version})" : $"registry {it.Registry}"));

    private static byte[] Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"{file} cannot be read: {e.Message}");
        }
    }
}
