namespace Orchestrator.Client.Services;

/// <summary>Under which terms a change is made.</summary>
public sealed record ChangeTerms
{
    /// <summary>Why, for the history.</summary>
    public string? Why { get; init; }

    /// <summary>Only when the service's tag is this one; <c>*</c> stands for any.</summary>
    public string? IfMatch { get; init; }

    /// <summary>Only when the service's tag is another; <c>*</c> means only when there is no such service.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>
    /// Names the change: whoever asks again with the same id has it done once at most; none makes one for this call and its repetitions.
    /// 1 to 64 letters, digits, dots, underscores, tildes and dashes.
    /// </summary>
    public string? RequestId { get; init; }
}
