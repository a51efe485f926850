namespace Orchestrator.Contracts.Services;

/// <param name="Id">Names the request: asked again after a lost answer, it is not carried out twice.</param>
public sealed record ServiceChangeRequest(string Id, ServiceChange Change, bool DryRun = false);
