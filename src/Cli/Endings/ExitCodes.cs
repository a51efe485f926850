namespace Orchestrator.Cli.Endings;

/// <summary>What scripts are told by.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>It went wrong, or nobody answered.</summary>
    public const int Failed = 1;

    /// <summary>The command line, or what it asks for, cannot be accepted as it is.</summary>
    public const int Usage = 2;

    public const int NotFound = 3;

    /// <summary>There is something in the way: it exists, is used, or was changed meanwhile.</summary>
    public const int Conflict = 4;

    /// <summary>The time to wait is over, and it goes on.</summary>
    public const int GoesOn = 5;

    /// <summary>Whoever read the results has left, as shells say it.</summary>
    public const int NobodyReads = 141;

    /// <summary>Ctrl-C, as shells say it.</summary>
    public const int Interrupted = 130;
}
