using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Nodes;
using Orchestrator.Compose.Variables;

namespace Orchestrator.Compose.Loading;

/// <summary>All files as one tree, in long forms and without what includes, extends or resets.</summary>
/// <param name="Name">As the specification has names: lower-case letters, digits, hyphens and underscores.</param>
/// <param name="NameAt">Where the name is from, when a file says it.</param>
/// <param name="VariablesOf">The variables that a file sees.</param>
internal sealed record Project(string Name, Place? NameAt, MapNode Root, Func<string, VariableSet> VariablesOf)
{
    public MapNode Section(string name) => Root[name] as MapNode ?? MapNode.Of(Root.At);
}
