using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Views;

internal static class Stacks
{
    public static readonly View<StackServiceView> Services = new(
        it => it.Name,
        new("NAME", it => it.Name), new("SERVICE", it => it.Service), new("IMAGE", it => it.Image),
        new("INSTANCES", it => it.Exists ? $"{it.Running?.ToString() ?? "?"}/{it.Wanted}" : ""),
        new("STATE", it => it.State is { } state ? new(state.Word(), Views.Services.Colour(state)) : new("not there", Tone.Bad)),
        new("REVISION", it => $"{it.Revision}", IsWide: true), new("WAITS FOR", it => it.Waiting),
        new("CHANGED BY HAND", it => new(it.Drift ?? "", Tone.Busy)));

    public static View<StackSummary> Lines(DateTimeOffset now) => new(
        it => it.Name,
        new("NAME", it => it.Name), new("STATE", it => new(it.State.Word(), Colour(it.State))),
        new("SERVICES", it => $"{it.Services.Count}"),
        new("DEPLOYMENT", it => it.Deployment is { } last ? $"{last.Id}, {last.Action.Word()} by {last.Who}" : ""),
        new("AGE", it => Words.Age(it.Deployment?.At, now)), new("WHY", it => it.Deployment?.Why, IsWide: true),
        new("REASON", it => it.Reason ?? it.Deployment?.Reason));

    public static void Details(StackView it, DateTimeOffset now, Writing to, bool isWide)
    {
        to.Pairs(
        [
            ("Name", new(it.Name, Tone.Strong)), ("State", new(it.State.Word(), Colour(it.State))), ("Reason", it.Reason),
            ("On failure", it.Spec.OnFailure.Word()), ("Deadline", Durations.Format(it.Spec.Deadline)),
        ]);
        if (it.Services.Count > 0)
        {
            to.Line();
            to.Table(Services.Titles(isWide), [.. it.Services.Select(one => Services.Row(one, isWide))]);
        }

        if (it.Deployment is { EndedAt: null } under)
        {
            to.Line();
            foreach (var line in StackWaves.Lines(it.Name, under)) to.Line(line);
        }

        if (it.Deployments.Count == 0) return;
        to.Line();
        var view = Deployments(now);
        to.Table(view.Titles(isWide), [.. it.Deployments.Select(one => view.Row(one, isWide))]);
    }

    private static View<StackDeploymentLine> Deployments(DateTimeOffset now) => new(
        it => $"{it.Id}",
        new("DEPLOYMENT", it => $"{it.Id}"), new("ACTION", it => it.Action.Word()),
        new("STATE", it => new(it.State.Word(), Colour(it.State))),
        new("BY", it => it.Who), new("AGE", it => Words.Age(it.At, now)),
        new("TOOK", it => it.EndedAt is { } end ? Words.Long(end - it.At) : ""), new("WHY", it => it.Why, IsWide: true),
        new("REASON", it => it.Reason));

    private static Tone Colour(StackState state) => state switch
    {
        StackState.Deployed => Tone.Good,
        StackState.Failed or StackState.Paused => Tone.Bad,
        _ => Tone.Busy,
    };

    private static Tone Colour(DeploymentState state) => state switch
    {
        DeploymentState.Done => Tone.Good,
        DeploymentState.Superseded => Tone.Faint,
        DeploymentState.Waiting or DeploymentState.Running or DeploymentState.RollingBack => Tone.Busy,
        _ => Tone.Bad,
    };
}
