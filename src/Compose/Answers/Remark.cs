using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Answers;

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
