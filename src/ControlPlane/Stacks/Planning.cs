using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>Makes the waves of a deployment once all of its services have been seen. Pure.</summary>
internal static class Planning
{
    private static readonly TimeSpan AskedAgain = TimeSpan.FromSeconds(1);

    public static (StackRecord Record, StackTurn Turn) Plan(
        StackRecord record, Dictionary<string, StackSight> seen, DateTimeOffset now)
    {
        var current = record.Current!;
        if (current.Cancelled is { } by) return Turned(Ways.Fail(record, by, now));
        if (Course.Asks(record)!.Services.FirstOrDefault(it => seen.GetValueOrDefault(it) is not { IsSeen: true }) is { } silent)
        {
            var reason = $"{StackNames.Service(record.Name, silent)} does not answer at present";
            return now - current.Told.At >= current.Spec.Deadline ? Turned(Ways.Fail(record, reason, now))
                : (record, new([], Course.MarkOf(record), IsEnded: false, LooksAgain: false, AskedAgain, Course.ProgressOf(record) with
                {
                    Waiting = reason,
                }));
        }

        var wished = current.Spec.Services.Keys.Concat(record.Members).Distinct().ToHashSet(StringComparer.Ordinal);
        if (Stranger(record.Name, seen.Values, current.Spec) is { } stranger) return Turned(Ways.Fail(record, stranger, now));
        var there = Today(record.Name, seen.Values);
        var waves = WavesOf(record, current, there);
        var members = there.Keys.Union(current.Spec.Services.Keys).Where(wished.Contains).Order(StringComparer.Ordinal).ToValueList();
        var planned = (record with
        {
            Members = members,
            Current = current with
            {
                Before = new(waves.SelectMany(wave => wave.Steps)
                    .Where(it => it.Kind is not (StackStepKind.Untouched or StackStepKind.Restart))
                    .Select(it => it.Service).Distinct().Select(it => KeyValuePair.Create(it, new FormerService(there[it])))),
            },
        }).Tells(it => it with { State = DeploymentState.Running, Waves = waves, Wave = 1, Since = now });
        // Where nothing is to be done all is done.
        return Turned(waves.Count > 0 ? planned : Ways.NextWave(planned, now));
    }

    /// <summary>The wishes of the services of this stack that are there.</summary>
    public static ValueMap<ServiceSpec> Today(string stack, IEnumerable<StackSight> seen) => new(seen
        .Where(it => it is { Exists: true, Spec: not null } && it.Stack == stack).Select(it => KeyValuePair.Create(it.Service, it.Spec!)));

    /// <summary>Why a service cannot be had: somebody else has one of that name; none when all can be had.</summary>
    public static string? Stranger(string stack, IEnumerable<StackSight> seen, StackSpec wanted) => seen
        .Where(it => it.Exists && it.Stack != stack && wanted.Services.ContainsKey(it.Service))
        .OrderBy(it => it.Service, StringComparer.Ordinal)
        .Select(it => $"there is a service {StackNames.Service(stack, it.Service)} already, and it belongs to "
            + (it.Stack is { } other ? $"stack {other}" : "no stack")).FirstOrDefault();

    private static ValueList<StackWave> WavesOf(StackRecord record, DeploymentRecord current, ValueMap<ServiceSpec> there) =>
        current.Told.Action == StackAction.Restart ? StackPlan.Restart(there, current.Spec)
        : StackPlan.Of(record.Name, there, current.Spec, current.AskedBefore,
            current.Supersedes ? record.Former.Keys.ToValueList() : null);

    private static (StackRecord, StackTurn) Turned(StackRecord record) => record.Current!.Told.State.GoesOn()
        ? (record, new([], Course.MarkOf(record), IsEnded: false, LooksAgain: true, TimeSpan.Zero, Course.ProgressOf(record)))
        : (record, new([], Mark: null, IsEnded: true, LooksAgain: false, TimeSpan.Zero, Course.ProgressOf(record)));
}
