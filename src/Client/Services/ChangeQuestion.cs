using Orchestrator.Client.Wire;

namespace Orchestrator.Client.Services;

/// <summary>A change of a service or a stack as it is asked for: by its id it is done once, however often that is.</summary>
internal static class ChangeQuestion
{
    /// <param name="kind">The list in which the thing is.</param>
    /// <param name="change">How it is asked for; without an action it is the thing itself.</param>
    /// <param name="said">Why, as the change itself says it; may be empty.</param>
    public static Question Of(
        string kind, string name, (HttpMethod Method, string? Action, object? Body) change, string said, ChangeTerms? terms, bool dryRun,
        bool pull = false)
    {
        var path = Question.Below(kind, name);
        return new(change.Method, change.Action is null ? path : $"{path}/{change.Action}")
        {
            Query = new() { { "pull", pull }, { "dryRun", dryRun }, { "why", terms?.Why ?? (said.Length > 0 ? said : null) } },
            Body = change.Body,
            Headers = [.. terms?.Conditions() ?? []],
            RequestId = terms?.RequestId ?? Guid.CreateVersion7().ToString("N"),
            MayBeRepeated = true,
            Changes = !dryRun,
        };
    }
}
