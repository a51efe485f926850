using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose;

/// <summary>What compose files come to: a stack, or problems.</summary>
public sealed record Composed
{
    /// <summary>Name of the stack; empty when it could not be found out.</summary>
    public string Name { get; init; } = "";

    /// <summary>None when there are problems.</summary>
    public StackSpec? Stack { get; init; }

    /// <summary>Secrets and configs that the stack uses: to be put before it, or to be there already.</summary>
    public ValueList<NeededContent> Content { get; init; } = [];

    /// <summary>What is done otherwise than it is written, and what is worth knowing.</summary>
    public ValueList<Remark> Remarks { get; init; } = [];

    /// <summary>Why there is no stack; empty when there is one.</summary>
    public ValueList<ComposeProblem> Problems { get; init; } = [];
}

/// <summary>A secret or a config that must be there before the stack is deployed.</summary>
public sealed record NeededContent
{
    public required ContentKind Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>True when somebody else puts it.</summary>
    public bool External { get; init; }

    /// <summary>The value, when it is text.</summary>
    public string? Value { get; init; }

    /// <summary>The value as base64, when it is no text.</summary>
    public string? Base64 { get; init; }

    /// <summary>A secret is not told by accident.</summary>
    public override string ToString() => $"{Kind.Word()} {Name}";
}

/// <summary>Something that is done otherwise than it is written; once for a field, wherever it is written.</summary>
/// <param name="Field">The field: <c>services.*.links</c>.</param>
/// <param name="Happens">What happens instead, in words.</param>
/// <param name="Kind">Whether it is done otherwise, or only worth knowing.</param>
/// <param name="Places">Where it is written.</param>
public sealed record Remark(string Field, string Happens, RemarkKind Kind, ValueList<Place> Places)
{
    public override string ToString() =>
        $"{Field}: {Happens} ({Places[0].Where}{(Places.Count > 1 ? $" and {Places.Count - 1} more" : "")})";
}

public enum RemarkKind
{
    /// <summary>What is written cannot be done; something else is.</summary>
    Instead,

    /// <summary>It is done as written; strict takes no offence.</summary>
    Warning,
}

/// <summary>Something that is wrong in a file.</summary>
public sealed record ComposeProblem(Place At, string Reason)
{
    public override string ToString() => At.Path.Length == 0 ? $"{At.Where}: {Reason}" : $"{At.Where}: {At.Path}: {Reason}";
}

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
