using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Exec;

/// <summary>A program to be run in an instance, besides its own.</summary>
public sealed record ExecRequest([property: MinLength(1), MaxLength(100)] ValueList<string> Command)
{
    /// <summary>As whom, a name or <c>user:group</c>; none means as the instance itself.</summary>
    [MaxLength(100)]
    public string? User { get; init; }

    /// <summary>Where, an absolute path; none means where the instance runs.</summary>
    [MaxLength(1000)]
    public string? WorkingDir { get; init; }

    /// <summary>What the program reads from its standard input.</summary>
    [MaxLength(65536)]
    public string? Input { get; init; }
}

/// <summary>How a program in an instance has ended.</summary>
/// <param name="ExitCode">0 to 255.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Error">What it wrote to its standard error.</param>
/// <param name="Truncated">Whether it wrote more than 1 MiB, of which the rest is not told.</param>
public sealed record ExecAnswer(int ExitCode, string Output, string Error, bool Truncated);

/// <summary>Begin a program in an instance. Whoever begins it names the session, so that the same order may come twice.</summary>
/// <param name="Session">32 hex digits.</param>
public sealed record ExecStart(string Session, string Service, string Instance, ValueList<string> Command)
{
    /// <summary>Whether it has a terminal, of so many columns and rows.</summary>
    public bool Terminal { get; init; }

    public int Columns { get; init; } = 80;
    public int Rows { get; init; } = 24;
    public string? User { get; init; }
    public string? WorkingDir { get; init; }
}

/// <summary>Tell what the program writes.</summary>
/// <param name="After">Number of the last piece that is known.</param>
public sealed record ExecListen(string Session, long After);

/// <summary>A piece of what the program wrote. One without anything says that the session is there.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="IsError">Whether it was written to standard error; with a terminal there is one stream alone.</param>
/// <param name="ExitCode">Of the last piece, which has no bytes.</param>
/// <param name="Trouble">Of the last piece: why the session ended otherwise.</param>
public sealed record ExecPiece(long Number, bool IsError = false, byte[]? Bytes = null, int? ExitCode = null, string? Trouble = null);

/// <summary>What comes in.</summary>
/// <param name="Number">From 1, without gaps; one that came twice is taken once.</param>
/// <param name="Bytes">None ends the program's input.</param>
public sealed record ExecInput(string Session, long Number, byte[]? Bytes);

/// <summary>The terminal has another size.</summary>
/// <param name="Number">Grows; an older size than the last is not taken.</param>
public sealed record ExecResize(string Session, long Number, int Columns, int Rows);

/// <summary>Nobody listens any more: the program is ended.</summary>
public sealed record ExecEnd(string Session);

/// <summary>It has been done, now or before.</summary>
public sealed record ExecDone;
