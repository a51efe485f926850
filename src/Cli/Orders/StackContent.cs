using System.Net;
using Orchestrator.Client.Problems;
using Orchestrator.Compose.Answers;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Orders;

/// <summary>Secrets and configs that must be there before a stack is.</summary>
internal static class StackContent
{
    /// <summary>Puts those that the files hold, after it is certain that the others are there.</summary>
    public static async Task Put(Session session, Composed composed, string? why, CancellationToken cancel)
    {
        foreach (var needed in composed.Content.Where(it => it.External))
        {
            if (!await IsThere(session, needed, cancel)) throw Missing(needed);
        }

        foreach (var needed in composed.Content.Where(it => !it.External))
        {
            var changed = needed.Kind == ContentKind.Secret
                ? await session.Client.Secrets.Set(needed.Name, new() { Value = needed.Value, Base64 = needed.Base64 }, why, cancel)
                : await session.Client.Configs.Set(needed.Name, new() { Value = needed.Value, Base64 = needed.Base64 }, why, cancel);
            session.Remark($"{needed.Kind.Word()} {needed.Name}: version {changed.Version}");
        }
    }

    /// <summary>A dry run of the stack as far as it can go: without what would be put before it, which is not there yet.</summary>
    public static async Task<(StackSpec Stack, IReadOnlyList<NeededContent> Missing)> Without(
        Session session, Composed composed, CancellationToken cancel)
    {
        List<NeededContent> missing = [];
        foreach (var needed in composed.Content)
        {
            if (await IsThere(session, needed, cancel)) continue;
            if (needed.External) throw Missing(needed);
            missing.Add(needed);
        }

        var absent = missing.Select(it => (it.Kind, it.Name)).ToHashSet();
        var services = composed.Stack!.Services.Select(it => KeyValuePair.Create(it.Key, it.Value with
        {
            Spec = it.Value.Spec with { Container = Without(it.Value.Spec.Container, absent) },
        }));
        return (composed.Stack with { Services = new(services) }, missing);
    }

    private static ContainerSpec Without(ContainerSpec container, HashSet<(ContentKind Kind, string Name)> absent) => container with
    {
        Secrets = container.Secrets.Where(it => !absent.Contains((ContentKind.Secret, it.Source))).ToValueList(),
        Configs = container.Configs.Where(it => !absent.Contains((ContentKind.Config, it.Source))).ToValueList(),
    };

    private static async Task<bool> IsThere(Session session, NeededContent needed, CancellationToken cancel)
    {
        try
        {
            if (needed.Kind == ContentKind.Secret) await session.Client.Secrets.Get(needed.Name, cancel);
            else await session.Client.Configs.Get(needed.Name, cancel);
            return true;
        }
        catch (ProblemException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private static CliException Missing(NeededContent needed) => new(
        ExitCodes.NotFound, $"there is no {needed.Kind.Word()} '{needed.Name}', which the compose file calls external",
        $"orc {needed.Kind.Word()} set {needed.Name} --from-file FILE makes it");
}
