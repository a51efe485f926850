using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Views;

internal static class Instances
{
    public static View<InstanceView> Of(DateTimeOffset now) => new(
        it => it.Name,
        new("INSTANCE", it => it.Name), new("WORKER", it => it.Worker), new("STATE", State), new("PORTS", Ports),
        new("AGE", it => Words.Age(it.StartedAt, now)),
        new("REVISION", it => $"{it.Revision}", IsWide: true),
        new("CONTAINER", it => it.ContainerId is { Length: > 12 } id ? id[..12] : it.ContainerId, IsWide: true),
        new("WHY", it => it.Reason, IsWide: true), new("MESSAGE", it => it.Message));

    /// <summary>Phase and health in a word or two.</summary>
    public static Cell State(InstanceView it)
    {
        var phase = it.Phase.Word();
        if (it.Phase == Phase.Exited) return new(it.ExitCode is { } code ? $"exited ({code})" : "exited", Tone.Bad);
        if (it.Phase != Phase.Running) return new(phase, it.Phase == Phase.Paused ? Tone.Bad : Tone.Busy);
        return it switch
        {
            { Health: InstanceHealth.Unhealthy } => new($"{phase} (unhealthy)", Tone.Bad),
            { Health: InstanceHealth.Starting } => new($"{phase} (starting)", Tone.Busy),
            { Readiness: InstanceHealth.Unhealthy or InstanceHealth.Starting } => new($"{phase} (out of rotation)", Tone.Busy),
            { Health: InstanceHealth.Healthy } => new($"{phase} (healthy)", Tone.Good),
            _ => new(phase, Tone.Good),
        };
    }

    private static Cell Ports(InstanceView it) => string.Join(
        ", ", it.Ports.Select(port => $"{port.Address}:{port.Host}->{port.Container}{(port.Protocol == PortProtocol.Udp ? "/udp" : "")}"));
}
