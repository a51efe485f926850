namespace Orchestrator.Mutation;

/// <summary>One mistake that somebody might make in the core.</summary>
/// <param name="File">Below src/ControlPlane.</param>
/// <param name="Original">An expression, or a whole statement with its semicolon; occurs once in the file.</param>
/// <param name="Changed">What stands there instead; empty leaves the statement out.</param>
/// <param name="Equivalent">Why no test can tell the difference; none when a test must.</param>
internal sealed record Mutant(string File, string Original, string Changed, string? Equivalent = null)
{
    /// <summary>Both versions in one text, told apart when the program runs, so that all mutants share one build.</summary>
    public string Switched(int number) =>
        Original.EndsWith(';')
            ? Changed.Length == 0 ? $"if (!global::Orchestrator.Mutation.Chosen.Is({number})) {Original}" : $"if (global::Orchestrator.Mutation.Chosen.Is({number})) {Changed} else {Original}"
            : $"(global::Orchestrator.Mutation.Chosen.Is({number}) ? ({Changed}) : ({Original}))";
}
