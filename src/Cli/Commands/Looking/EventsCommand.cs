using System.CommandLine;
using Orchestrator.Cli.Output;
using Orchestrator.Client.Events;
using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Commands.Looking;

internal static class EventsCommand
{
    private const int UsualTail = 100;

    public static Command Of(Shell shell)
    {
        var name = new Argument<string?>("service")
        {
            Description = "Only of this service", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { _ => shell.Names.Services() },
        };
        var follow = new Option<bool>("--follow", "-f") { Description = "What comes from now on, without an end" };
        var tail = Shell.Number("--tail", $"Without -f: so many, the last ones; {UsualTail} by default", 1, 1_000_000);
        var all = new Option<bool>("--all") { Description = "All that is kept; with -f before what comes" };
        return shell.Verb("events", "What has changed, or changes", [name, follow, tail, all], async (session, cancel) =>
        {
            var (events, service) = (session.Client.Events, session.Get(name));
            var told = session.Get(follow) ? events.Follow(session.Get(all) ? EventsApi.FromStart : null, service, cancel)
                : events.Kept(service: service, cancel: cancel);
            if (!session.Get(follow) && !session.Get(all)) told = told.TakeLast(session.Get(tail) ?? UsualTail);
            await foreach (var it in told)
                session.Results.Next(it.Event, it.Id, () => Line(it.Event, session.Now, session.Out));
        });
    }

    private static string Line(ClusterEvent it, DateTimeOffset now, Writing to) =>
        $"{to.Paint(Words.Time(it.At, now), Tone.Faint)}  {to.Paint(it.Kind.Word().PadRight(8), Colour(it.Kind))}  {it.What}";

    private static Tone Colour(EventKind kind) => kind switch
    {
        EventKind.Brake or EventKind.Gap => Tone.Bad,
        EventKind.Worker or EventKind.Drain => Tone.Second,
        EventKind.Rollout => Tone.First,
        EventKind.Service => Tone.Third,
        _ => Tone.None,
    };
}
