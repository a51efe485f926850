using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Discovery;

/// <summary>
/// Removes what dead workers have left in the catalog: clients do not find it any more, and Consul itself takes up to 100 s to remove it. A
/// worker that was only held up misses its entries at its next sign of life, and registers them again.
/// </summary>
internal sealed partial class Sweeper(
    ICatalog catalog, WorkerAgentOptions options, TimeProvider clock, Func<double> dice, ILogger<Sweeper> log) : ILoop
{
    /// <summary>Silent for so long since its time to live was over, the worker is not coming back in a moment.</summary>
    public static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(8);

    private readonly Dictionary<SilentEntry, long> silent = [];

    public async Task Run(CancellationToken stopping)
    {
        while (true)
        {
            // Not all workers at the same moment.
            await Task.Delay(Every * (0.75 + (dice() / 2)), clock, stopping);
            try
            {
                await Sweep(stopping);
            }
            catch (CatalogException e)
            {
                // Whether the catalog answers is said where instances are registered; here nothing is at stake.
                LogLater(e.Message);
            }
        }
    }

    private async Task Sweep(CancellationToken cancel)
    {
        var now = await catalog.Silent(cancel);
        foreach (var heard in silent.Keys.Except(now).ToList()) silent.Remove(heard);
        foreach (var entry in now)
        {
            if (silent.TryAdd(entry, clock.GetTimestamp()) || clock.GetElapsedTime(silent[entry]) < LeftAlone) continue;
            if (await catalog.Remove(entry, options.Cluster, cancel)) LogRemoved(entry.Id, entry.Node);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Entry} of {Node}: its worker has given no sign of life for long")]
    private partial void LogRemoved(string entry, string node);

    [LoggerMessage(Level = LogLevel.Debug, Message = "What dead workers left is looked for later: {Why}")]
    private partial void LogLater(string why);
}
