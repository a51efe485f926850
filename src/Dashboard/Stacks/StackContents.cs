using System.Net;
using Orchestrator.Client;
using Orchestrator.Client.Problems;
using Orchestrator.Compose.Answers;
using Orchestrator.Contracts.Content;

namespace Orchestrator.Dashboard.Stacks;

/// <summary>Secrets and configs that must be there before a stack is.</summary>
internal static class StackContents
{
    /// <summary>Those that are not there.</summary>
    public static async Task<IReadOnlyList<NeededContent>> Missing(
        OrchestratorClient client, IEnumerable<NeededContent> needed, CancellationToken cancel)
    {
        List<NeededContent> missing = [];
        foreach (var it in needed)
        {
            if (!await IsThere(client, it, cancel)) missing.Add(it);
        }

        return missing;
    }

    /// <summary>Puts the values that the file holds.</summary>
    public static async Task Put(OrchestratorClient client, IEnumerable<NeededContent> needed, string? why, CancellationToken cancel)
    {
        foreach (var it in needed.Where(it => !it.External))
        {
            if (it.Kind == ContentKind.Secret)
                await client.Secrets.Set(it.Name, new() { Value = it.Value, Base64 = it.Base64 }, why, cancel);
            else
                await client.Configs.Set(it.Name, new() { Value = it.Value, Base64 = it.Base64 }, why, cancel);
        }
    }

    private static async Task<bool> IsThere(OrchestratorClient client, NeededContent needed, CancellationToken cancel)
    {
        try
        {
            if (needed.Kind == ContentKind.Secret) await client.Secrets.Get(needed.Name, cancel);
            else await client.Configs.Get(needed.Name, cancel);
            return true;
        }
        catch (ProblemException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
