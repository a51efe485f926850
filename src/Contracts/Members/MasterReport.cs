namespace Orchestrator.Contracts.Members;

/// <summary>Tells that a master lives.</summary>
/// <param name="Address">Where its REST API is reachable, e.g. <c>http://10.0.0.5:5000</c>.</param>
/// <param name="Note">What a person should know of its last minutes.</param>
public sealed record MasterReport(string Name, string Address, string? Note = null);
