using Orchestrator.Client.Services;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Client.Stacks;

/// <summary>A stack, and which state of its wish this is.</summary>
/// <param name="Tag">For <see cref="ChangeTerms.IfMatch"/>.</param>
public sealed record TaggedStack(StackView Stack, string? Tag);
