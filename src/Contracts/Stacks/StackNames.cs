using Orchestrator.Contracts.Services;

namespace Orchestrator.Contracts.Stacks;

/// <summary>Names of stacks, made like those of services, and of what belongs to them.</summary>
public static class StackNames
{
    /// <summary>A stack leaves room for a hyphen and a name of one letter.</summary>
    public const int MaxLength = ServiceNames.MaxLength - 2;

    /// <summary>A label of each service of a stack, with the name of the stack.</summary>
    public const string StackLabel = "orchestrator.stack";

    /// <summary>A label of each service of a stack, with its name in the stack.</summary>
    public const string ServiceLabel = "orchestrator.stack-service";

    /// <summary>What a service of a stack is called in the cluster.</summary>
    public static string Service(string stack, string service) => $"{stack}-{service}";

    /// <summary>Why the name cannot be that of a stack, or null when it can.</summary>
    public static string? Problem(string name) => name.Length > MaxLength
        ? $"is {name.Length} characters long; at most {MaxLength} are allowed, for each service is called stack-service"
        : ServiceNames.Problem(name);
}
