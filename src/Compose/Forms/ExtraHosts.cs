using Orchestrator.Compose.Nodes;

namespace Orchestrator.Compose.Forms;

/// <summary><c>extra_hosts</c> as a mapping from a name to its addresses.</summary>
internal static class ExtraHosts
{
    public static Node Long(Node value, Notes notes) => value switch
    {
        ListNode list => OfList(list, notes),
        MapNode map => map.Each((_, it) => LongForms.List(it, Bare)),
        _ => value,
    };

    private static MapNode OfList(ListNode list, Notes notes)
    {
        OrderedDictionary<string, Node> map = [];
        foreach (var item in list.Items)
        {
            // An equals sign is preferred; an address of version 6 has colons itself.
            if (item is not ScalarNode { IsNull: false } scalar || Separator(scalar.Text) is not (> 0 and var at))
            {
                notes.Wrong(item.At, "is a name and an address, such as \"db=10.0.0.5\"");
                continue;
            }

            var name = scalar.Text[..at];
            var address = Bare(scalar with { Text = scalar.Text[(at + 1)..] });
            map[name] = map.GetValueOrDefault(name) is ListNode more ? more with { Items = [.. more.Items, address] }
                : new ListNode(item.At, [address]);
        }

        return new(list.At, map, list.Mark);
    }

    private static int Separator(string text) => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? at
        : text.IndexOf(':', StringComparison.Ordinal);

    private static Node Bare(Node address) => address is ScalarNode { Text: ['[', .. var inner, ']'] } scalar
        ? scalar with { Text = inner } : address;
}
