using Orchestrator.Compose.Nodes;

namespace Orchestrator.Compose.Merging;

/// <summary>Merges trees in their long forms.</summary>
internal static class Merge
{
    /// <summary>One file over another.</summary>
    public static MapNode Files(MapNode below, MapNode above) => Fields(below, above, (section, before, over) =>
        section == "services" && before is MapNode services && over is MapNode { Mark: Mark.None } more
            ? Fields(services, more, (_, one, other) => Values("", one, other, MergeRules.Overriding)) with { Mark = before.Mark }
            : Values("", before, over, _ => MergeRule.ByKind));

    /// <summary>What a service says over what it extends, or over the same service in an earlier file.</summary>
    public static MapNode Service(MapNode below, MapNode above, Func<string, MergeRule> rules) => (MapNode)Values("", below, above, rules);

    /// <summary>The tree without what is reset, and without marks.</summary>
    public static MapNode Clean(MapNode map) => map.Each((_, value) => Clean(value)) with { Mark = Mark.None };

    private static Node? Clean(Node node) => node switch
    {
        { Mark: Mark.Reset } => null,
        MapNode map => Clean(map),
        ListNode list => list with { Items = [.. list.Items.Select(Clean).OfType<Node>()], Mark = Mark.None },
        _ => node with { Mark = Mark.None },
    };

    private static Node Values(string field, Node below, Node above, Func<string, MergeRule> rules)
    {
        // A mark stays, for the files before this one.
        if (above.Mark != Mark.None) return above;
        if (below.Mark == Mark.Reset) return above with { Mark = Mark.Override };
        var rule = rules(field);
        var merged = (below, above) switch
        {
            _ when rule == MergeRule.Replace => above,
            (MapNode or ListNode, ScalarNode { IsNull: true }) => below,
            (MapNode one, MapNode other) => Fields(one, other, (name, from, over) =>
                Values(field.Length == 0 ? name : $"{field}.{name}", from, over, rules)),
            (ListNode one, ListNode other) => Lists(field, one, other, rule),
            _ => above,
        };
        return merged with { Mark = below.Mark };
    }

    private static ListNode Lists(string field, ListNode below, ListNode above, MergeRule rule)
    {
        List<Node> items = [.. below.Items];
        foreach (var item in above.Items)
        {
            var same = rule switch
            {
                MergeRule.Keyed => items.FindIndex(it => MergeRules.KeyOf(field, it) == MergeRules.KeyOf(field, item)),
                MergeRule.AppendNew => items.FindIndex(it => it.Image == item.Image),
                _ => -1,
            };
            if (same < 0) items.Add(item);
            else if (rule == MergeRule.Keyed) items[same] = Entries(items[same], item);
        }

        return above with { Items = items };
    }

    /// <summary>What a mount of one type says is nothing to one of another type.</summary>
    private static Node Entries(Node below, Node above) => below is MapNode one && above is MapNode other
        && one["type"]?.Image == other["type"]?.Image ? Values("", one, other, _ => MergeRule.ByKind) : above;

    private static MapNode Fields(MapNode below, MapNode above, Func<string, Node, Node, Node> conflict)
    {
        OrderedDictionary<string, Node> fields = new(below.Fields);
        foreach (var (name, value) in above.Fields)
            fields[name] = fields.TryGetValue(name, out var before) ? conflict(name, before, value) : value;
        return above with { Fields = fields };
    }
}
