using Orchestrator.Compose.Merging;
using Orchestrator.Compose.Nodes;

namespace Orchestrator.Compose.Loading;

/// <summary>Takes over what services extend, from the same file or from another one.</summary>
/// <param name="open">Another file in its long form, seen from the file that names it.</param>
internal sealed class Extending(Func<ScalarNode, (string File, MapNode Root)?> open, Notes notes)
{
    public MapNode All(string file, MapNode root) => root["services"] is not MapNode services ? root
        : root.With("services", services.Each((name, it) => it is MapNode service ? Whole(file, root, name, service, []) : it));

    /// <summary>A service with all that it extends below it.</summary>
    private MapNode Whole(string file, MapNode root, string name, MapNode service, IReadOnlyList<(string File, string Service)> from)
    {
        if (service["extends"] is not { } extends || extends.Mark == Mark.Reset) return service;
        var own = service.With("extends", null);
        if (extends is not MapNode which || which["service"] is not ScalarNode { IsNull: false } wanted)
        {
            notes.Wrong(extends.At, "names a service, and a file if it is in another one: {file: common.yaml, service: web}");
            return own;
        }

        var chain = from.Append((File: file, Service: name)).ToList();
        var (target, other) = (file, root);
        if (which["file"] is ScalarNode { IsNull: false } path)
        {
            if (open(path) is not { } opened)
            {
                notes.Wrong(path.At, $"{path.Text} is not there");
                return own;
            }

            (target, other) = opened;
        }

        if ((other["services"] as MapNode)?[wanted.Text] is not MapNode extended)
        {
            notes.Wrong(wanted.At, $"there is no service {wanted.Text} in {target}");
            return own;
        }

        if (chain.Contains((target, wanted.Text)))
        {
            var way = string.Join(" → ", chain.Select(it => it.Service));
            notes.Wrong(wanted.At, $"{wanted.Text} extends itself: {way} → {wanted.Text}");
            return own;
        }

        var below = Whole(target, other, wanted.Text, extended, chain);
        Disabling(below, own);
        return Merge.Service(below, own, MergeRules.Extending);
    }

    private void Disabling(MapNode below, MapNode own)
    {
        if (below["healthcheck"] is MapNode before && own["healthcheck"] is MapNode { } check
            && check["disable"] is ScalarNode { Text: "true" } disable && before["disable"] is not ScalarNode { Text: "true" })
            notes.Wrong(disable.At, "cannot disable the healthcheck of the service that is extended; write test: [\"NONE\"]");
    }
}
