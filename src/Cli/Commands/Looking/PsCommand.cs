using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Commands.Looking;

internal static class PsCommand
{
    private const int AskedAtATime = 8;

    public static Command Of(Shell shell)
    {
        var name = new Argument<string?>("service")
        {
            Description = "Only its instances", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { _ => shell.Names.Services() },
        };
        var watch = new Option<bool>("--watch", "-w") { Description = "Again whenever something changes" };
        return shell.Verb("ps", "List instances", [name, watch], async (session, cancel) =>
        {
            Task<List<InstanceView>> Look(CancellationToken stop) => All(session, session.Get(name), stop);
            var view = Views.Instances.Of(session.Now);
            // Each result of a probe is another one, and no change.
            async Task<List<InstanceView>> Still(CancellationToken stop) => [.. (await Look(stop)).Select(it => it with { Probes = null })];
            if (session.Get(watch)) await Watching.Of(session, Views.Instances.Of, Still, cancel);
            else session.Results.List(view, await Look(cancel), none: "no instance runs; orc services tells what each service waits for");
        });
    }

    private static async Task<List<InstanceView>> All(Session session, string? name, CancellationToken cancel)
    {
        if (name is not null) return [.. (await session.Client.Services.Get(name, cancel)).Instances];
        var services = await session.Client.Services.List(cancel: cancel).ToListAsync(cancel);
        var found = new ServiceView?[services.Count];
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = AskedAtATime, CancellationToken = cancel };
        await Parallel.ForAsync(0, services.Count, atATime, async (at, stop) =>
            found[at] = await session.Client.Services.Find(services[at].Name, stop));
        return [.. found.SelectMany(it => it?.Instances ?? [])];
    }
}
