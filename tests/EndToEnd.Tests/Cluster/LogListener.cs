using System.Collections.Concurrent;
using Orchestrator.Client;
using Orchestrator.Client.Problems;
using Orchestrator.Contracts.Logs;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>A client that follows logs, and goes on elsewhere with what it has when its master dies.</summary>
internal sealed class LogListener
{
    private readonly HashSet<(string Instance, string Time)> known = [];

    /// <summary>Every line once, as it came.</summary>
    public ConcurrentQueue<LogLine> Heard { get; } = new();

    /// <summary>How often a line came that was known: after a cut that is for the client to find out.</summary>
    public int Doubled { get; private set; }

    /// <summary>By instance, the newest time: the oldest of these is where to go on.</summary>
    public string? Since => Heard.GroupBy(it => it.Instance).Select(it => it.Max(line => line.Time)).Min(StringComparer.Ordinal);

    /// <summary>Listens until it is told to stop, or is cut off.</summary>
    public async Task Listen(OrchestratorClient master, string service, string? since, CancellationToken cancel)
    {
        try
        {
            await foreach (var line in master.Services.Logs(service, new() { Follow = true, Since = since }, cancel))
            {
                if (line.Stream == LogStream.Note) continue;
                if (known.Add((line.Instance, line.Time))) Heard.Enqueue(line);
                else Doubled++;
            }
        }
        catch (Exception e) when (e is NoMasterException or OperationCanceledException)
        {
        }
    }
}
