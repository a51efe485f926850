using System.Text.Json.Serialization;
using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>
/// What became of a request to a ServiceMaster. Expected outcomes are values: a weakly typed error would not survive the way back.
/// </summary>
public sealed record ServiceAnswer
{
    public required ServiceOutcome Outcome { get; init; }

    /// <summary>The service after the request, when there is one.</summary>
    [JsonIgnore]
    public ServiceView? Service
    {
        get => Shown?.Value;
        init => Shown = value is null ? null : new(value);
    }

    /// <summary>The same, for those who hand it on.</summary>
    [JsonPropertyName("service")]
    public Written<ServiceView>? Shown { get; init; }

    /// <summary>Names the state of the wish, e.g. <c>3.7</c>; another after every change; none while the service is withdrawn.</summary>
    public string? Tag { get; init; }

    /// <summary>Answer to a dry run.</summary>
    public PlanView? Plan { get; init; }

    /// <summary>Answer to a restore that was, or could be, carried out, with the workers that have instances of it.</summary>
    public RestoreOutcome? Restored { get; init; }

    /// <summary>Of a service of which there was no record: the workers that may have instances of it.</summary>
    public ValueList<string> FoundOn { get; init; } = [];

    /// <summary>Of a service that is not there: what its stack has told it last, as far as it is remembered.</summary>
    public StackMark? Stack { get; init; }

    /// <summary>Why not, by field.</summary>
    public ValueList<FieldProblem> Problems { get; init; } = [];
}

public enum ServiceOutcome
{
    Done,
    Unknown,
    Exists,
    Invalid,

    /// <summary>Not now: the state of the service does not allow it; the problem says why.</summary>
    Conflict,

    /// <summary>The wish is not the one that the asker means; the problem says who changed it and when.</summary>
    Overtaken,

    /// <summary>The state store does not answer; nothing was changed.</summary>
    NotDone,

    /// <summary>
    /// The state store does not answer, and whether the change was made is not known; asking again with the same id tells.
    /// </summary>
    InDoubt,
}

/// <param name="Field">Path of the field in JSON: <c>ports[0].container</c>; empty when it is about the whole.</param>
/// <param name="Reason">A sentence.</param>
public sealed record FieldProblem(string Field, string Reason);
