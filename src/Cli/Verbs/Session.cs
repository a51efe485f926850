using System.CommandLine;
using Orchestrator.Cli.Contexts;
using Orchestrator.Cli.Output;
using Orchestrator.Client;
using Spectre.Console;

namespace Orchestrator.Cli.Verbs;

/// <summary>One verb while it is carried out.</summary>
internal sealed class Session(Shell shell, ParseResult parsed) : IDisposable
{
    private OrchestratorClient? client;
    private Results? results;

    public Surroundings Around => shell.Around;

    public ContextFile ContextFile { get; } = ContextFile.Usual(shell.Around.Variable);

    /// <summary>The cluster that is meant.</summary>
    public Context Context => ContextChoice.Of(
        parsed.GetValue(shell.Server), parsed.GetValue(shell.Token), parsed.GetValue(shell.Context), Around.Variable, ContextFile.Read);

    public OrchestratorClient Client => client ??= Connect(Context, patience: TimeSpan.FromSeconds(30));

    public DateTimeOffset Now => Around.Clock.GetUtcNow();

    public Writing Out => IsPlain ? Around.Out.Plain() : Around.Out;

    public Writing Error => IsPlain ? Around.Error.Plain() : Around.Error;

    public Results Results => results ??= new(Out, Form, Template);

    /// <summary>Whether results are shown on a screen where they may move.</summary>
    public bool Moves => Screen is not null && Results.IsForPeople;

    /// <summary>Where things move; none where plain lines are written.</summary>
    public IAnsiConsole? Screen
    {
        get
        {
            if (IsPlain && Around.Screen is { } screen) screen.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
            return Around.Screen;
        }
    }

    private bool IsPlain => parsed.GetValue(shell.NoColor) || Around.Variable("NO_COLOR") is not null;

    private Template? Template => parsed.GetValue(shell.Format) is { } text ? new(text) : null;

    private Form Form => parsed.GetValue(shell.Format) is not null ? Form.Template : parsed.GetValue(shell.Output);

    public TimeSpan Get(DurationOption option) => Has(option) ? parsed.GetValue(option) : option.Usual;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Said to people, beside the results.</summary>
    public void Remark(string words)
    {
        if (Results.IsForPeople) Error.Line(words);
    }

    public OrchestratorClient Connect(Context to, TimeSpan patience)
    {
        try
        {
            return Around.Connect(new OrchestratorClientOptions
            {
                Servers = OrchestratorClientOptions.ServersIn(to.Server), Token = to.Token, Patience = patience,
                // Whoever sits there sees sooner than we that a cluster is not there.
                ReachWithin = TimeSpan.Zero, Clock = Around.Clock,
            });
        }
        catch (FormatException e)
        {
            throw CliException.Usage(e.Message);
        }
    }

    public void Dispose() => client?.Dispose();
}
