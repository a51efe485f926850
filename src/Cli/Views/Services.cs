using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Views;

internal static class Services
{
    public static readonly View<ServiceSummary> Lines = new(
        it => it.Name,
        new("NAME", it => it.Name), new("IMAGE", it => it.Image),
        new("INSTANCES", it => it.Progress ?? $"{it.Running?.ToString() ?? "?"}/{it.Wanted}"),
        new("STATE", it => new(it.State.Word(), Colour(it.State))),
        new("REVISION", it => $"{it.Revision}", IsWide: true), new("WORKERS", it => string.Join(", ", it.Workers), IsWide: true),
        new("LABELS", it => string.Join(", ", it.Labels.Select(label => $"{label.Key}={label.Value}")), IsWide: true),
        new("WAITS FOR", it => it.Waiting));

    public static void Details(ServiceView it, DateTimeOffset now, Writing to, bool isWide)
    {
        var container = it.Spec.Container;
        to.Pairs(
        [
            ("Name", new(it.Name, Tone.Strong)), ("Image", container.Image),
            ("Digest", it.Content.Digest is { } digest ? ImageReference.Brief(digest) : ""),
            ("State", new(it.State.Word(), Colour(it.State))),
            ("Newest run", it.Job?.Progress),
            ("Next run", it.Job?.Schedule?.Next is { } next ? $"{Words.Time(next, now)}, in {Words.Long(next - now)}" : ""),
            ("Instances", it.Job is not null ? "" : $"{it.Running?.ToString() ?? "?"} of {Wanted(it.Spec)} run"),
            ("Revision", $"{it.Revision}"), ("Rollout", it.Rollout), ("Last rollout", it.LastRollout),
            ("Command", string.Join(' ', container.Command)), ("Ports", string.Join(", ", container.Ports)),
            ("Variables", string.Join(", ", container.Env.Select(variable => $"{variable.Key}={variable.Value}"))),
            ("Volumes", string.Join(", ", container.Volumes.Select(volume => $"{volume.Source}:{volume.Target}"))),
            ("Secrets", string.Join(", ", container.Secrets.Select(file => file.Source))),
            ("Configs", string.Join(", ", container.Configs.Select(file => file.Source))),
            ("Labels", string.Join(", ", it.Spec.Labels.Select(label => $"{label.Key}={label.Value}"))),
            ("Known", it.Stale ? new Cell($"as it was {Words.Long(it.StaleFor ?? default)} ago: the state store does not answer", Tone.Bad) : ""),
        ]);
        foreach (var waiting in it.Waiting) to.Line($"{to.Paint("waits", Tone.Busy)}: {waiting}");
        foreach (var note in it.Notes) to.Line($"{to.Paint("note", Tone.Faint)}: {note}");
        if (it.Instances.Count == 0) return;
        to.Line();
        var view = Instances.Of(now);
        to.Table(view.Titles(isWide), [.. it.Instances.Select(one => view.Row(one, isWide))]);
    }

    private static string Wanted(ServiceSpec spec) => spec.Mode == ServiceMode.Global ? "one on each worker" : $"{spec.Instances}";

    public static Tone Colour(ServiceState state) => state switch
    {
        ServiceState.Running or ServiceState.Completed => Tone.Good,
        ServiceState.Unreadable or ServiceState.Failed => Tone.Bad,
        ServiceState.Unknown or ServiceState.Scheduled => Tone.Faint,
        _ => Tone.Busy,
    };
}
