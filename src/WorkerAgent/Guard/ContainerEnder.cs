using System.Collections.Concurrent;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Guard;

/// <summary>
/// First the processes by their numbers, which takes milliseconds and no engine; then the engine, which reaches what this process may not.
/// </summary>
internal sealed class ContainerEnder(Func<IContainerEngine> engine, TimeProvider clock, Action<string> say) : IContainerEnder
{
    /// <summary>An engine that takes longer is not waited for; it is asked again.</summary>
    private static readonly TimeSpan EnginePatience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, long> asked = [];

    public async Task End(string container, CancellationToken cancel)
    {
        var killed = ContainerProcesses.Kill(container);
        if (killed > 0) say($"killed {killed} process(es) of {container}");
        if (asked.TryGetValue(container, out var last) && clock.GetElapsedTime(last) < EnginePatience) return;
        asked[container] = clock.GetTimestamp();
        await Ask(container, cancel).WaitAsync(EnginePatience, clock, cancel).Quietly();
    }

    private async Task Ask(string container, CancellationToken cancel)
    {
        try
        {
            if (await engine().Find(container, cancel) is not { State: ContainerState.Running or ContainerState.Paused }) return;
            await engine().Stop(container, TimeSpan.Zero, cancel);
            say($"the engine has killed {container}");
        }
        catch (EngineException e)
        {
            say($"the engine did not kill {container}: {e.Message}");
        }
    }
}
