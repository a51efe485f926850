using Dapr.DurableTask.Protobuf;

namespace LocalDapr.Workflows;

/// <summary>The patches that workflow code asked for: those a history has taken must come first, in the same order.</summary>
internal static class Patches
{
    /// <summary>Why the code that answered is not that of the history; null when it is.</summary>
    public static string? Mismatch(IReadOnlyList<string> taken, WorkflowVersion? answered)
    {
        var now = answered?.Patches ?? [];
        return taken.SequenceEqual(now.Take(taken.Count)) ? null
            : $"Patch mismatch. History patches: [{string.Join(", ", taken)}], current patches: [{string.Join(", ", now)}]. ";
    }

    /// <summary>What the history keeps of an answer: patches that it does not hold yet.</summary>
    public static WorkflowVersion? New(IReadOnlyList<string> taken, WorkflowVersion? answered)
    {
        if (answered is null || answered.Patches.Count == 0) return answered is { HasName: true } ? answered : null;
        var more = answered.Patches.Skip(taken.Count).ToList();
        return more.Count == 0 ? null : new() { Patches = { more } };
    }
}
