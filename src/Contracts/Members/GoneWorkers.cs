using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Members;

/// <summary>What <c>POST /members/confirm-loss</c> takes.</summary>
/// <param name="Workers">Names of workers of which a person is sure that they are gone; at least one.</param>
public sealed record GoneWorkers([property: MinLength(1)] ValueList<string> Workers);

/// <summary>A person is sure that these workers are gone.</summary>
/// <param name="DryRun">Only whether it could be recorded is asked.</param>
public sealed record LossConfirmation(ValueList<string> Workers, bool DryRun = false);
