namespace Orchestrator.Compose.Answers;

/// <summary>A place in a file.</summary>
/// <param name="Line">From 1; 0 is the file as a whole.</param>
/// <param name="Path">The field, by its path: <c>services.web.ports[0]</c>; empty for the file as a whole.</param>
public sealed record Place(string File, int Line, string Path)
{
    /// <summary>File and line, as editors find them.</summary>
    public string Where => Line == 0 ? File : $"{File}:{Line}";

    public override string ToString() => Path.Length == 0 ? Where : $"{Where}: {Path}";

    internal Place Below(string name) => this with { Path = Path.Length == 0 ? name : $"{Path}.{name}" };
}
