using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Maintenance;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Views;

internal static class Maintenances
{
    public static View<MaintenanceView> Of(DateTimeOffset now) => new(
        it => it.Worker,
        new("WORKER", it => it.Worker), new("STATE", it => new(it.State.Word(), Colour(it.State))),
        new("FOR", it => Output.Words.Age(it.Since, now)), new("REASON", it => it.Reason), new("WHO", it => it.Who, IsWide: true),
        new("WITHIN", it => Durations.Format(it.Deadline), IsWide: true),
        new("WAITS FOR", it => it.Note ?? string.Join("; ", it.Holds)));

    /// <summary>How far a round is, in a sentence.</summary>
    public static string Words(MaintenanceRound round) => round.State switch
    {
        MaintenanceRoundState.Done => $"the round is over: {Names(round.Done)} came back",
        MaintenanceRoundState.Failed => $"the round has failed: {round.Note}",
        MaintenanceRoundState.Stopped => $"the round was stopped{(round.Note is { } note ? $": {note}" : "")}",
        _ => $"a round of {round.AtATime} at a time: back {Names(round.Done)}, still to come {Names(round.Waiting)}",
    };

    private static string Names(ValueList<string> workers) => workers.Count == 0 ? "none" : string.Join(", ", workers);

    private static Tone Colour(MaintenanceState state) => state switch
    {
        MaintenanceState.Ready => Tone.Good,
        MaintenanceState.Failed => Tone.Bad,
        _ => Tone.Busy,
    };
}
