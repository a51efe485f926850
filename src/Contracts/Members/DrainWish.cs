namespace Orchestrator.Contracts.Members;

/// <summary>An operator's wish: nothing new on this worker, and what is there is to move.</summary>
public sealed record DrainWish(string Worker, bool Draining);
