namespace Orchestrator.Contracts.Services;

/// <summary>What <c>POST /services/{name}/rollback</c> takes.</summary>
/// <param name="Revision">A kept revision; none means the one before.</param>
public sealed record RollBackTo(int? Revision = null);
