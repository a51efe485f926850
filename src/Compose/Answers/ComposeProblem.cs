namespace Orchestrator.Compose.Answers;

/// <summary>Something that is wrong in a file.</summary>
public sealed record ComposeProblem(Place At, string Reason)
{
    public override string ToString() => At.Path.Length == 0 ? $"{At.Where}: {Reason}" : $"{At.Where}: {At.Path}: {Reason}";
}
