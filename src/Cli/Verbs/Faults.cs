using System.CommandLine;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Cli.Suggestions;
using Orchestrator.Cli.Output;
using Orchestrator.Client.Problems;

namespace Orchestrator.Cli.Verbs;

/// <summary>What goes wrong is said once, with what to do next, and becomes an exit code, here and nowhere else.</summary>
internal static partial class Faults
{
    /// <summary>As Unix numbers it.</summary>
    private const int BrokenPipe = 32;

    public static async Task<int> Told(
        Shell shell, ParseResult parsed, Func<Session, CancellationToken, Task<int>> act, CancellationToken cancel)
    {
        using var session = new Session(shell, parsed);
        try
        {
            return await act(session, cancel);
        }
        catch (CliException e)
        {
            return Say(session, e.Message, e.Next, e.ExitCode);
        }
        catch (ProblemException e)
        {
            return await Say(session, e, cancel);
        }
        catch (NoMasterException e)
        {
            return Say(session, e.Message, Next(e), ExitCodes.Failed);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (JsonException e)
        {
            return Say(
                session, $"what the master answers is not understood: {e.Message}", "use the orc that came with the masters",
                ExitCodes.Failed);
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            return ExitCodes.NobodyReads;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Say(session, e.Message, null, ExitCodes.Failed);
        }
    }

    /// <summary>The same words in the same places, whatever went wrong.</summary>
    public static int Say(Writing to, string message, string? next, int code)
    {
        to.Line($"{to.Paint("orc:", Tone.Bad)} {message}");
        if (next is not null) to.Line($"{to.Paint("→", Tone.Faint)} {next}");
        return code;
    }

    private static int Say(Session session, string message, string? next, int code) => Say(session.Error, message, next, code);

    private static async Task<int> Say(Session session, ProblemException e, CancellationToken cancel)
    {
        var (code, next) = e.Status switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge =>
                (ExitCodes.Usage, "nothing was changed; see the options with --help, and every field in docs/services.md"),
            HttpStatusCode.Unauthorized =>
                (ExitCodes.Failed, "give one with ORCHESTRATOR_TOKEN, or once for all with orc context add NAME --server … --token …"),
            HttpStatusCode.Forbidden => (ExitCodes.Failed, "a token of another role may; who gives them out is told in docs/operating.md"),
            HttpStatusCode.NotFound => (ExitCodes.NotFound, Listing(e.Message)),
            HttpStatusCode.Conflict => (ExitCodes.Conflict, InTheWay(e.Message)),
            HttpStatusCode.PreconditionFailed => (ExitCodes.Conflict, "look at it again, then decide anew"),
            HttpStatusCode.ServiceUnavailable => (ExitCodes.Failed, NotNow(e)),
            _ => (ExitCodes.Failed, null),
        };
        if (e.Errors.Count < 2) return Say(session, $"{e.Message}{await Meant(session, e, cancel)}", next, code);
        Say(session, e.Title, null, code);
        foreach (var error in e.Errors) session.Error.Line($"  {session.Error.Paint(error.Field, Tone.Strong)}: {error.Reason}");
        if (next is not null) session.Error.Line($"{session.Error.Paint("→", Tone.Faint)} {next}");
        return code;
    }

    private static string Next(NoMasterException e) => e switch
    {
        { IsReached: false } => "start one here with ./orchestrator up, or say where it is: --server, ORCHESTRATOR_SERVER, orc context use",
        { IsInDoubt: true } => "whether it was done is not known: look, for instance with orc services, before you ask for it again",
        _ => "try it again; orc members tells who is there",
    };

    private static string NotNow(ProblemException e) => e.Outcome switch
    {
        ChangeOutcome.NotDone => "nothing was changed; try it again",
        ChangeOutcome.Unknown => "whether it was done is not known: look, for instance with orc services, before you ask for it again",
        _ => "try it again; orc members tells who is there",
    };

    private static string? Listing(string message) => Kind().Match(message) is { Success: true } match ? match.Groups["kind"].Value switch
    {
        "stack" => "orc stack ls lists what there is",
        "service" => "orc services lists what there is",
        "secret" => "orc secret ls lists what there is",
        "config" => "orc config ls lists what there is",
        "registry" or "login" => "orc registry ls lists what there is",
        "instance" => "orc ps lists what there is",
        "worker" => "orc members lists who is there",
        "volume" => "orc volume ls lists what there is",
        _ => null,
    } : null;

    private static string? InTheWay(string message) =>
        message.Contains("change it with PUT", StringComparison.Ordinal) ? "orc update changes it, orc rm takes it away"
        : message.Contains("is used by", StringComparison.Ordinal) ? "take it from those first: orc update, orc rm"
        : message.Contains("release-volume", StringComparison.Ordinal) ? "orc volume release lets go of it"
        : "orc explain tells how things are and why";

    /// <summary>Names are mistyped more often than forgotten.</summary>
    private static async Task<string> Meant(Session session, ProblemException e, CancellationToken cancel)
    {
        if (e.Status != HttpStatusCode.NotFound || NoService().Match(e.Message) is not { Success: true } match) return "";
        try
        {
            var names = (await session.Client.Services.Page(cancel: cancel)).Services.Select(it => it.Name);
            return Nearest.DidYouMean(match.Groups["name"].Value, names);
        }
        catch (Exception again) when (again is ProblemException or NoMasterException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"\b(?<kind>stack|service|secret|config|registry|login|instance|worker|volume)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Kind();

    [GeneratedRegex("there is no service '(?<name>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex NoService();
}
