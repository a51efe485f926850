namespace Orchestrator.Contracts.Services;

/// <summary>What <c>POST /services/{name}/release-volume</c> takes.</summary>
/// <param name="Slot">The slot whose volume may be left behind; none means all slots.</param>
public sealed record ReleasedVolume(int? Slot = null);
