using System.Text.Json;
using Orchestrator.Contracts.Instances;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>
/// Whether the machine or the engine has restarted since the containers were last looked at, also while the agent was away: then what has
/// ended did not end by itself.
/// </summary>
internal sealed class Restarts(IStorage storage, IContainerEngine engine, IMachine machine)
{
    private const string Name = "engine.json";

    private static readonly Outside ByMachine = new(EndCause.Machine, "its machine restarted");
    private static readonly Outside ByEngine = new(EndCause.Engine, "its engine stopped or restarted");

    private Seen? last = Read(storage);
    private Seen? now;

    /// <summary>What ended the containers that have ended unseen; none when they did it themselves, as far as is known.</summary>
    /// <param name="before">What was known before.</param>
    /// <param name="listed">Our containers as they are now.</param>
    /// <param name="unseen">Whether the engine's events were missed meanwhile.</param>
    public async Task<Outside?> WhatEnded(
        IReadOnlyCollection<Instance> before, IReadOnlyCollection<Container> listed, bool unseen, CancellationToken cancel)
    {
        now = new(machine.BootId, await engine.Incarnation(cancel));
        if (last?.Boot is { } boot && now.Boot is not null && boot != now.Boot) return ByMachine;
        // Where the engine does not show whether it is another one, an interruption counts as a restart.
        var restarted = last?.Engine is { } process && now.Engine is not null ? process != now.Engine : unseen && before.Count > 0;
        return restarted && !AnySurvived(before, listed) ? ByEngine : null;
    }

    /// <summary>The engine, when it takes no further calls; none while it does, or where that cannot be told.</summary>
    public async Task<Outside?> WhoIsStopping(CancellationToken cancel) =>
        last?.Engine is not null && await engine.Incarnation(cancel) is null ? ByEngine : null;

    /// <summary>What has ended is in the book; from here on only a further restart counts.</summary>
    public void Remember()
    {
        if (now is null || now == last) return;
        last = now;
        try
        {
            storage.Write(Name, JsonSerializer.SerializeToUtf8Bytes(now));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It costs the cause of an end that nobody sees, and is written at the next restart.
        }
    }

    /// <summary>An engine that is told to keep containers over its restart, or that was never away, ends none of them.</summary>
    private static bool AnySurvived(IReadOnlyCollection<Instance> before, IReadOnlyCollection<Container> listed)
    {
        var ran = before.Where(i => i.Phase is Phase.Running or Phase.Paused or Phase.Stopping)
            .Select(i => i.Observed.ContainerId).ToHashSet();
        return listed.Any(c => c.State is (ContainerState.Running or ContainerState.Paused) && (before.Count == 0 || ran.Contains(c.Id)));
    }

    private static Seen? Read(IStorage storage)
    {
        try
        {
            return storage.Read(Name) is { } content ? JsonSerializer.Deserialize<Seen>(content) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="Boot">Which life of the machine.</param>
    /// <param name="Engine">Which life of the engine's process.</param>
    private sealed record Seen(string? Boot, string? Engine);
}
