namespace Orchestrator.Contracts.Content;

/// <summary>A secret or a config that a service runs with, or is to.</summary>
/// <param name="InForce">False of what only instances of an earlier revision have.</param>
/// <param name="Follows">Whether a new version rolls the service.</param>
/// <param name="Offered">The newest version that the service was rolled to; it may have gone back since.</param>
public sealed record UsedContent(ContentKind Kind, string Name, int Version, bool InForce, bool Follows, int Offered);

public enum ContentKind { Secret, Config }
