namespace Orchestrator.Dashboard.Visits;

/// <summary>Who looks at the page, and what is offered to whom; the API asks for the token at each request all the same.</summary>
/// <param name="Name">Of the token; none of who needs none.</param>
/// <param name="Role">In a word, to show it.</param>
/// <param name="MayChangeServices">Creates, changes and withdraws services.</param>
/// <param name="MayChangeCluster">Drains workers, overrules the brake.</param>
public sealed record Visitor(string? Name, string Role, bool MayChangeServices, bool MayChangeCluster);
