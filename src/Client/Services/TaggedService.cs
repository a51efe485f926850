using Orchestrator.Contracts.Services;

namespace Orchestrator.Client.Services;

/// <summary>A service, and which state of its wish this is.</summary>
/// <param name="Tag">For <see cref="ChangeTerms.IfMatch"/>; none while the service is being withdrawn.</param>
public sealed record TaggedService(ServiceView Service, string? Tag);
