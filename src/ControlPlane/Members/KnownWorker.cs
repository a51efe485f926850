namespace Orchestrator.ControlPlane.Members;

/// <summary>What survives the registry: who is known, the operators' wishes and what was declared. Changes are rare.</summary>
internal sealed record KnownWorker(string Name, bool Draining, bool DeclaredLost);
