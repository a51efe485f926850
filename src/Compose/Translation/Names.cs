using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Loading;
using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Compose.Translation;

/// <summary>What things of a project are called here.</summary>
/// <param name="Stack">The name of the stack.</param>
/// <param name="Project">The name of the project, which volumes, secrets and configs have before their own.</param>
internal sealed record Names(string Stack, string Project)
{
    public static Names Of(Project project, Notes notes)
    {
        var at = project.NameAt ?? project.Root.At;
        var stack = Plain(project.Name);
        var happens = $"the stack is called {stack}: names of stacks are lower-case letters, digits and hyphens";
        if (stack != project.Name && project.NameAt is not null) notes.Instead("name", at, happens);
        else if (stack != project.Name) notes.Warn("name", at, happens);
        if (stack.Length > 0 && StackNames.Problem(stack) is { } problem) notes.Wrong(at, $"'{stack}' {problem}");
        return new(stack, project.Name);
    }

    /// <summary>What a service is called in the stack.</summary>
    public string Service(string name, Place at, Notes notes)
    {
        var plain = Plain(name);
        if (plain != name)
            notes.Instead("services.*", at, $"{name} is called {plain}: names of services are lower-case letters, digits and hyphens");
        if (ServiceNames.Problem(StackNames.Service(Stack, plain)) is { } problem)
            notes.Wrong(at, $"{StackNames.Service(Stack, plain)}, as it is called in the cluster, {problem}");
        return plain;
    }

    /// <summary>A volume, a secret or a config is called as it says, or after the project.</summary>
    public string Resource(string key, string? own, bool isExternal) => own ?? (isExternal ? key : $"{Project}_{key}");

    public static string Plain(string name) => name.ToLowerInvariant().Replace('_', '-').Replace('.', '-').Trim('-');
}
