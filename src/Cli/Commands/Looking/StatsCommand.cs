using System.CommandLine;
using System.Collections.Concurrent;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Looking;

namespace Orchestrator.Cli.Commands.Looking;

internal static class StatsCommand
{
    private static readonly View<InstanceStats> View = new(
        it => it.Instance,
        new("INSTANCE", it => it.Instance), new("WORKER", it => it.Worker), new("CPU", it => $"{Words.Number(it.Cpu)} cores"),
        new("MEMORY", it => $"{Words.Bytes(it.Memory)} of {Words.Bytes(it.MemoryLimit)}"),
        new("NETWORK IN/OUT", it => $"{Words.Bytes(it.NetworkReceived)} / {Words.Bytes(it.NetworkSent)}"),
        new("DISK READ/WRITTEN", it => $"{Words.Bytes(it.BlockRead)} / {Words.Bytes(it.BlockWritten)}"),
        new("PROCESSES", it => $"{it.Processes}"));

    public static Command Of(Shell shell)
    {
        var name = new Argument<string?>("service")
        {
            Description = "Of its instances only, or of one (web-2-r1-a1)", Arity = ArgumentArity.ZeroOrOne,
            CompletionSources = { _ => shell.Names.Services() },
        };
        var watch = new Option<bool>("--watch", "-w") { Description = "Again every few seconds" };
        return shell.Verb("stats", "What instances use", [name, watch], async (session, cancel) =>
        {
            ConcurrentDictionary<string, string> missing = new();
            Task<List<InstanceStats>> Look(CancellationToken stop) => All(session, session.Get(name), missing, stop);
            if (session.Get(watch)) await Watching.Of(session, _ => View, Look, cancel);
            else session.Results.List(View, await Look(cancel), none: "no instance runs");
            foreach (var it in missing.Keys.Order(StringComparer.Ordinal)) session.Remark($"# {it}");
        });
    }

    private static async Task<List<InstanceStats>> All(
        Session session, string? name, ConcurrentDictionary<string, string> missing, CancellationToken cancel)
    {
        if (name is not null && InstanceName.TryParse(name, out _)) return [await session.Client.Instances.Stats(name, cancel)];
        List<string> names = name is not null ? [name]
            : await session.Client.Services.List(cancel: cancel).Where(it => it.Running != 0).Select(it => it.Name).ToListAsync(cancel);
        List<InstanceStats> all = [];
        foreach (var service in names)
        {
            var stats = await session.Client.Services.Stats(service, cancel);
            all.AddRange(stats.Instances);
            foreach (var it in stats.Missing) missing[it] = it;
        }

        return all;
    }
}
