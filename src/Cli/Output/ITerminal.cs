namespace Orchestrator.Cli.Output;

/// <summary>The terminal itself, byte by byte.</summary>
internal interface ITerminal
{
    Stream Input { get; }

    Stream Output { get; }

    Stream Error { get; }

    bool IsInputTerminal { get; }

    bool IsOutputTerminal { get; }

    (int Columns, int Rows) Size { get; }

    /// <summary>Every key goes through as it is, until what is answered is disposed of.</summary>
    IDisposable Raw();

    /// <summary>Told whenever the size has changed, until what is answered is disposed of.</summary>
    IDisposable OnResize(Action told);
}
