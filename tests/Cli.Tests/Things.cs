using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Tests;

/// <summary>What the API answers in most examples.</summary>
internal static class Things
{
    public static readonly DateTimeOffset Start = new(2026, 11, 27, 11, 55, 0, TimeSpan.Zero);

    public static InstanceView Instance(int slot, Phase phase = Phase.Running, int revision = 1, string? message = null) => new()
    {
        Name = $"web-{slot}-r{revision}-a1", Slot = slot, Revision = revision, Worker = "worker-a", Phase = phase,
        Ports = phase == Phase.Running ? [new(80, 33000 + slot, "127.0.0.1")] : [], StartedAt = phase == Phase.Running ? Start : null,
        Message = message, Reason = "fewest instances",
    };

    public static ServiceView Web(int running, int wanted, int revision = 1, string? rollout = null) => new()
    {
        Name = "web", Revision = revision, Epoch = 1, Spec = new() { Container = new() { Image = "web:1" }, Instances = wanted },
        Observed = true, Running = running, Rollout = rollout,
        State = rollout is not null ? ServiceState.Updating : running == wanted ? ServiceState.Running : ServiceState.Starting,
        Instances = Enumerable.Range(1, running).Select(it => Instance(it, revision: revision)).ToValueList(),
    };

    public static ServiceList Services(params string[] names) => new(names.Select(it => new ServiceSummary
    {
        Name = it, Image = $"{it}:1", Revision = 1, Wanted = 3, Running = 2, Observed = true, State = ServiceState.Starting,
        Workers = ["worker-a"], Waiting = "its image is pulled",
    }).ToValueList(), null);

    public static PlanView Plan => new(
        [new("changed", "", "", "changed instances 3 to 4"),
            new("run", "web-4-r1-a1", "worker-b", "fewest instances", "web-1-r1-a1 has ended")],
        ["slot 5: no room"]);
}
