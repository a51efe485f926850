using System.CommandLine.Completions;
using Orchestrator.Cli.Contexts;
using Orchestrator.Client;
using Orchestrator.Client.Problems;
using Orchestrator.Contracts.Members;

namespace Orchestrator.Cli.Verbs;

/// <summary>Names that are there now, for who presses Tab; none when the cluster does not tell them at once.</summary>
internal sealed class LiveNames(Shell shell)
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    public IEnumerable<CompletionItem> Services() => Ask(async (client, cancel) =>
        (await client.Services.Page(cancel: cancel)).Services.Select(it => it.Name));

    /// <summary>Services, and their slots.</summary>
    public IEnumerable<CompletionItem> Slots() => Ask(async (client, cancel) =>
        (await client.Services.Page(limit: 100, cancel: cancel)).Services
            .SelectMany(it => Enumerable.Range(1, Math.Min(it.Wanted, 20)).Select(slot => $"{it.Name}/{slot}").Prepend(it.Name)));

    public IEnumerable<CompletionItem> Stacks() => Ask(async (client, cancel) =>
        (await client.Stacks.Page(cancel: cancel)).Stacks.Select(it => it.Name));

    public IEnumerable<CompletionItem> Workers() => Ask(async (client, cancel) =>
        (await client.Members.List(cancel)).Members.Where(it => it.Role == MemberRole.Worker).Select(it => it.Name));

    public IEnumerable<CompletionItem> Secrets() =>
        Ask(async (client, cancel) => (await client.Secrets.List(cancel)).Select(it => it.Name));

    public IEnumerable<CompletionItem> Configs() =>
        Ask(async (client, cancel) => (await client.Configs.List(cancel)).Select(it => it.Name));

    public IEnumerable<CompletionItem> Registries() => Ask(async (client, cancel) =>
        (await client.Registries.List(cancel)).Select(it => it.Host));

    public IEnumerable<CompletionItem> Volumes() => Ask(async (client, cancel) =>
        (await client.Volumes.List(cancel: cancel)).Volumes.Select(it => it.Name).Distinct());

    public IEnumerable<CompletionItem> Contexts() =>
        ContextFile.Usual(shell.Around.Variable).Read().All.Keys.Select(it => new CompletionItem(it));

    private CompletionItem[] Ask(Func<OrchestratorClient, CancellationToken, Task<IEnumerable<string>>> ask)
    {
        try
        {
            return Task.Run(async () =>
            {
                using var late = new CancellationTokenSource(AtOnce, shell.Around.Clock);
                using var session = new Session(shell, new System.CommandLine.RootCommand().Parse([]));
                using var client = session.Connect(session.Context, patience: TimeSpan.Zero);
                return (await ask(client, late.Token)).Select(it => new CompletionItem(it)).ToArray();
            }).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is ProblemException or NoMasterException or CliException or OperationCanceledException
            or System.Text.Json.JsonException or IOException)
        {
            return [];
        }
    }
}
