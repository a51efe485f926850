namespace Orchestrator.Client.Services;

/// <summary>Under which terms a service or a stack is changed.</summary>
public sealed record ChangeTerms
{
    /// <summary>Why, for the history.</summary>
    public string? Why { get; init; }

    /// <summary>Only when its tag is this one; <c>*</c> stands for any.</summary>
    public string? IfMatch { get; init; }

    /// <summary>Only when its tag is another; <c>*</c> means only when there is none of the name.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>
    /// Names the change: whoever asks again with the same id has it done once at most; none makes one for this call and its repetitions.
    /// 1 to 64 letters, digits, dots, underscores, tildes and dashes.
    /// </summary>
    public string? RequestId { get; init; }

    /// <summary>As headers.</summary>
    internal IEnumerable<(string Name, string Value)> Conditions()
    {
        if (IfMatch is { } match) yield return ("If-Match", Quoted(match));
        if (IfNoneMatch is { } none) yield return ("If-None-Match", Quoted(none));
    }

    private static string Quoted(string tag) => tag is "*" ? tag : $"\"{tag.Trim('"')}\"";
}
