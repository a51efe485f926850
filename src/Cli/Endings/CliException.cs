namespace Orchestrator.Cli.Endings;

/// <summary>A command cannot go on.</summary>
/// <param name="next">What to do next.</param>
internal sealed class CliException(int exitCode, string message, string? next = null) : Exception(message)
{
    public int ExitCode => exitCode;

    public string? Next => next;

    /// <summary>The command line says what cannot be.</summary>
    public static CliException Usage(string message, string? next = null) => new(ExitCodes.Usage, message, next);
}
