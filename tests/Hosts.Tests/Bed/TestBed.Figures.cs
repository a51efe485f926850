using Orchestrator.Hosts.Histories;
using Orchestrator.Testing;

namespace Orchestrator.Hosts.Bed;

/// <summary>How long faults last, by the engines' word.</summary>
internal sealed partial class TestBed
{
    /// <summary>Kills the process of a container on the worker, as if it had crashed; answers when.</summary>
    /// <param name="cluster">Whose container.</param>
    public async Task<DateTimeOffset> KillContainer(string worker, string cluster)
    {
        string[] docker = ["-H", $"unix://{EngineSocket(worker)}"];
        var container = (await Shell.Run("docker", [.. docker, "ps", "--quiet", "--filter", $"label=orchestrator.cluster={cluster}"]))
            .Split('\n')[0];
        var process = await Shell.Run("docker", [.. docker, "inspect", "--format", "{{.State.Pid}}", container]);
        var begin = Wall.Now;
        await Kill(process, $"a container of {worker}");
        return begin;
    }

    /// <summary>Waits until so many run after the fault; answers how long after it the last of them was started.</summary>
    /// <param name="without">A machine that does not count, since nobody reaches it.</param>
    public async Task<TimeSpan> FullAgain(int wanted, DateTimeOffset fault, string? without = null)
    {
        // Before its end has been told, what was killed counts as living.
        var full = await Eventually(() => Task.FromResult(Living(without)),
            lives => lives.Count == wanted && (lives.Max(l => l.Began) > fault), $"{wanted} run again");
        return full.Max(l => l.Began) - fault;
    }

    private List<Life> Living(string? without) => [.. Record.Now.Lives.Where(l => l.Ended is null && l.Host != without)];
}
