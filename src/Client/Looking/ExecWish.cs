using Orchestrator.Contracts.Values;

namespace Orchestrator.Client.Looking;

/// <summary>A program to talk to.</summary>
/// <param name="Command">The program and its arguments.</param>
public sealed record ExecWish(ValueList<string> Command)
{
    /// <summary>Whether it has a terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>Of the terminal, 1 to 1,000.</summary>
    public int Columns { get; init; } = 80;

    /// <summary>Of the terminal, 1 to 1,000.</summary>
    public int Rows { get; init; } = 24;

    /// <summary>As whom, a name or <c>user:group</c>; none means as the instance itself.</summary>
    public string? User { get; init; }

    /// <summary>Where, an absolute path; none means where the instance runs.</summary>
    public string? WorkingDir { get; init; }
}
