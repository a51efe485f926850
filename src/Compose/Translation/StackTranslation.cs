using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Loading;
using Orchestrator.Compose.Nodes;
using Orchestrator.Compose.Questions;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>A project as a stack.</summary>
internal static class StackTranslation
{
    public static (string Name, StackSpec Stack, ValueList<NeededContent> Content) Of(
        Project project, IReadOnlyCollection<string> profiles, ISurroundings surroundings, Notes notes)
    {
        var root = new Section(project.Root, "", notes);
        var names = Names.Of(project, notes);
        var declared = Declarations.Of(root, names, notes);
        TopLevel(root, notes, project);
        var enabled = Providers(Profiles.Enabled(project.Section("services"), profiles, notes), notes);
        var translating = new Translating(project, names, enabled, declared, surroundings, notes);
        var services = Services(enabled, translating);
        if (services.Count == 0) notes.Wrong(project.Root.At, "has no services that are enabled");
        if (services.Count > StackSpec.MostServices)
            notes.Wrong(project.Root.At, $"has {services.Count} services; a stack has at most {StackSpec.MostServices}");
        foreach (var circle in Cycles.Of(services))
            notes.Wrong(project.Section("services").At, $"services depend on one another in a circle: {circle}");
        Resolving(services, enabled, notes);
        return (names.Stack, new() { Services = new(services) }, declared.Needed(project, surroundings).ToValueList());
    }

    private static List<KeyValuePair<string, StackService>> Services(MapNode enabled, Translating translating)
    {
        var notes = translating.Notes;
        OrderedDictionary<string, (StackService Service, Section Section)> services = [];
        foreach (var (name, node) in enabled.Fields)
        {
            var plain = translating.Names.Service(name, node.At, notes);
            var section = new Section((MapNode)node, "services.*", notes);
            if (!services.TryAdd(plain, (ServiceTranslation.Of(name, section, translating), section)))
                notes.Wrong(node.At, $"there are two services that would be called {plain}");
        }

        var awaited = services.Values.SelectMany(it => it.Service.DependsOn)
            .Where(it => it.Value == StackCondition.Completed).Select(it => it.Key).ToHashSet();
        return
        [
            .. services.Select(it =>
                KeyValuePair.Create(it.Key, JobFields.Of(it.Value.Service, it.Value.Section, awaited.Contains(it.Key)))),
        ];
    }

    private static void TopLevel(Section root, Notes notes, Project project)
    {
        root.Silent("services", "name");
        if (root.Take("version") is { } version) notes.Warn("version", version.At, "is obsolete, and means nothing");
        root.Instead("are not run", "models");
        root.End();
    }

    /// <summary>What others provide is not ours to run.</summary>
    private static MapNode Providers(MapNode services, Notes notes) => services.Each((_, node) =>
    {
        if (((MapNode)node)["provider"] is not { } provider) return node;
        notes.Instead("services.*.provider", provider.At, "nobody is asked to provide it: the service is left out");
        return null;
    });

    /// <summary>The most common surprise is said before it happens.</summary>
    private static void Resolving(List<KeyValuePair<string, StackService>> services, MapNode enabled, Notes notes)
    {
        if (services.Any(it => it.Value.DependsOn.Count > 0 && it.Value.Spec.Container.NetworkMode == "bridge"))
            notes.Warn("services", enabled.At,
                "do not find each other by their names: an instance is reached where its worker publishes its port, which discovery tells");
    }
}
