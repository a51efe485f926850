using Orchestrator.Cli.Output;
using Orchestrator.Client;
using Spectre.Console;

namespace Orchestrator.Cli.Verbs;

/// <summary>All that the program hears from and speaks to.</summary>
internal sealed record Surroundings
{
    /// <summary>Results.</summary>
    public required Writing Out { get; init; }

    /// <summary>Remarks, questions, progress, errors.</summary>
    public required Writing Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>Whether somebody sits there who can be asked.</summary>
    public required bool MayAsk { get; init; }

    /// <summary>Where things move; none where plain lines are written.</summary>
    public IAnsiConsole? Screen { get; init; }

    /// <summary>A variable of the environment; none when it is empty.</summary>
    public required Func<string, string?> Variable { get; init; }

    public required Func<OrchestratorClientOptions, OrchestratorClient> Connect { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Shows an address in a browser; false when there is none.</summary>
    public required Func<Uri, bool> Browse { get; init; }

    /// <summary>The terminal that a program in an instance is given.</summary>
    public required ITerminal Terminal { get; init; }
}
