using Microsoft.Extensions.Time.Testing;
using Orchestrator.Cli.Output;
using Orchestrator.Client;
using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>The program in this process, in surroundings that are played.</summary>
internal sealed class Orc : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("orc-tests-").FullName;

    public PlayedApi Api { get; } = new();

    public FakeTimeProvider Clock { get; } = new(new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));

    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>What is typed or comes through a pipe.</summary>
    public string Input { get; set; } = "";

    public bool MayAsk { get; set; }

    public bool IsColoured { get; set; }

    public List<string> Servers { get; } = [];

    public string ConfigFolder => folder;

    /// <summary>Runs one command line; time passes while it waits.</summary>
    public async Task<Ran> Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var around = new Surroundings
        {
            Out = new Writing(output, IsColoured), Error = new Writing(error, IsColoured), In = new StringReader(Input), MayAsk = MayAsk,
            Variable = name => Variables.GetValueOrDefault(name) ?? (name == "ORCHESTRATOR_CONFIG" ? folder : null),
            Connect = options =>
            {
                Servers.Add(string.Join(',', options.Servers));
                return new OrchestratorClient(options with { Handler = Api, Clock = Clock });
            },
            Clock = Clock, Browse = _ => false, Terminal = new NoTerminal(),
        };
        var running = Root.Run(around, arguments, TestContext.Current.CancellationToken);
        await Eventually.Become(
            () =>
            {
                if (!running.IsCompleted) Clock.Advance(TimeSpan.FromMilliseconds(250));
                return running.Status;
            },
            _ => running.IsCompleted, TimeSpan.FromSeconds(20), string.Join(' ', arguments), TestContext.Current.CancellationToken);
        return new(await running, $"{output}".ReplaceLineEndings("\n"), $"{error}".ReplaceLineEndings("\n"));
    }

    public void Dispose()
    {
        Api.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private sealed class NoTerminal : ITerminal
    {
        public Stream Input => Stream.Null;

        public Stream Output => Stream.Null;

        public Stream Error => Stream.Null;

        public bool IsInputTerminal => false;

        public bool IsOutputTerminal => false;

        public (int Columns, int Rows) Size => (80, 24);

        public IDisposable Raw() => throw new InvalidOperationException("there is no terminal");

        public IDisposable OnResize(Action told) => throw new InvalidOperationException("there is no terminal");
    }
}

internal sealed record Ran(int Code, string Out, string Error);
