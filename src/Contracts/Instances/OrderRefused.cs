namespace Orchestrator.Contracts.Instances;

/// <summary>What a ServiceMaster is told when a worker does not take an order.</summary>
public sealed record OrderRefused(string Instance, string Worker, OrderAnswer Answer);
