using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Client.Looking;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Logs;

namespace Orchestrator.Cli.Commands.Looking;

internal static class LogsCommand
{
    private static readonly Tone[] Tones = [Tone.First, Tone.Second, Tone.Third, Tone.Fourth];

    public static Command Of(Shell shell)
    {
        var of = new Argument<string>("service")
        {
            Description = "A service (web), a slot of it whichever instance is in it (web/2), or an instance (web-2-r1-a1)",
            CompletionSources = { _ => shell.Names.Slots() },
        };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what comes" };
        var tail = Shell.Number("--tail", "So many lines of each instance; 100 by default, all with --since", 0, 100_000);
        var since = new Option<string?>("--since") { Description = "From then on: 5m ago, or a time such as 2026-01-01T12:00:00Z", HelpName = "time" };
        var times = new Option<bool>("--timestamps", "-t") { Description = "Begin each line with its time" };
        var stream = new Option<string?>("--stream") { Description = "Only what was written to stdout or stderr" };
        stream.AcceptOnlyFromAmong("stdout", "stderr");
        return shell.Verb("logs", "What instances write", [of, follow, tail, since, times, stream], async (session, cancel) =>
        {
            var wish = new LogWish
            {
                Follow = session.Get(follow), Tail = session.Get(tail), Since = session.Get(since),
                Stream = session.Get(stream) switch { "stdout" => LogStream.Stdout, "stderr" => LogStream.Stderr, _ => null },
            };
            await foreach (var line in Lines(session, session.Get(of), wish, cancel))
                session.Results.Next(line, line.Line, () => Written(line, session.Out, session.Get(times)));
        });
    }

    private static IAsyncEnumerable<LogLine> Lines(Session session, string of, LogWish wish, CancellationToken cancel)
    {
        if (InstanceName.TryParse(of, out _)) return session.Client.Instances.Logs(of, wish, cancel);
        var (service, slot) = SlotNames.Parse(of);
        var all = session.Client.Services.Logs(service, wish, cancel);
        return slot is null ? all : all.Where(it => it.Instance.Length == 0 || IsIn(it.Instance, slot.Value));
    }

    private static bool IsIn(string instance, int slot) => InstanceName.TryParse(instance, out var name) && name.Slot == slot;

    private static string Written(LogLine line, Writing to, bool withTime)
    {
        var time = withTime ? $"{to.Paint(line.Time, Tone.Faint)} " : "";
        if (line.Instance.Length == 0) return $"{time}{to.Paint($"# {line.Line}", Tone.Busy)}";
        var tone = InstanceName.TryParse(line.Instance, out var name) ? Tones[name.Slot % Tones.Length] : Tone.None;
        var text = line.Stream switch
        {
            LogStream.Note => to.Paint($"# {line.Line}", Tone.Busy),
            LogStream.Stderr => to.Paint(line.Line, Tone.Bad),
            _ => line.Line,
        };
        return $"{time}{to.Paint(line.Instance, tone)} | {text}";
    }
}
