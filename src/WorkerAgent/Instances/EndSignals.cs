using System.Globalization;
using Orchestrator.Contracts.Instances;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>An end that neither the program nor a wish of ours caused: by whom, and in words.</summary>
internal sealed record Outside(EndCause Cause, string Words);

/// <summary>Whether somebody else ended a container, told from the signals that the engine sent it for them. Pure.</summary>
internal static class EndSignals
{
    private const int Kill = 9;

    /// <summary>A program that was asked to end may take so long; when it ends later, that is its own doing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>By their numbers on Linux HUP, USR1, USR2, CONT, STOP, TSTP: programs are told other things by them.</summary>
    private static readonly int[] OtherNews = [1, 10, 12, 18, 19, 20];

    public static bool AsksToEnd(int signal) => !OtherNews.Contains(signal);

    /// <summary>None when nobody asked it to end shortly before it did.</summary>
    public static Outside? Judge((int Number, DateTimeOffset At)? signal, DateTimeOffset? ended) =>
        signal is not { } sent || (sent.Number != Kill && ended - sent.At > Patience) ? null : new(EndCause.Person, string.Create(
            CultureInfo.InvariantCulture, $"somebody else {(sent.Number == Kill ? "killed" : "stopped")} its container (signal {sent.Number})"));
}
