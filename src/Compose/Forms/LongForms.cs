using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Files;
using Orchestrator.Compose.Nodes;
using Orchestrator.Compose.Variables;

namespace Orchestrator.Compose.Forms;

/// <summary>
/// Writes out what a file says in short, since merging applies to the long forms, and makes its paths those of the project. What the
/// variables of a file say is settled here too.
/// </summary>
/// <param name="folder">What relative paths begin at.</param>
internal sealed class LongForms(string folder, VariableSet variables, Notes notes)
{
    private static readonly string[] TopLevel = ["networks", "volumes", "configs", "secrets"];

    public MapNode File(MapNode root) => root.Each((section, value) => (section, value) switch
    {
        ("services", MapNode services) => services.Each((_, it) => it is MapNode service ? Service(service) : it),
        ("include", _) => List(value, Include),
        _ when TopLevel.Contains(section) && value is MapNode map => map.Each((_, it) => it is MapNode one ? Resource(one) : it),
        _ => value,
    });

    public MapNode Service(MapNode service) => service.Each((field, value) => value.Mark == Mark.Reset ? value : Field(field, value));

    private Node? Field(string field, Node value) => field switch
    {
        "environment" => Environment(value),
        "annotations" or "labels" or "sysctls" => Pairs(value),
        "extra_hosts" => ExtraHosts.Long(value, notes),
        "dns" or "dns_search" or "tmpfs" => List(value, it => it),
        "env_file" => List(value, EnvFileEntry),
        "label_file" => List(value, PathIn),
        "depends_on" => Named(value, at => MapNode.Of(at, ("condition", at.Text("service_started")))),
        "networks" or "models" => Named(value, ScalarNode.Null),
        "extends" => value is ScalarNode { IsNull: false } ? MapNode.Of(value.At, ("service", value)) : value,
        "build" => value is ScalarNode { IsNull: false } ? MapNode.Of(value.At, ("context", value)) : Build(value),
        "ports" => Many(value, it => ShortPort.Long(it, notes)),
        "volumes" => Many(value, it => ShortVolume.Long(it, notes)),
        "secrets" or "configs" => Many(value, Grant),
        "devices" => Many(value, it => [Device(it)]),
        "deploy" => value is MapNode deploy ? deploy.Each((name, it) => name == "labels" ? Pairs(it) : it) : value,
        "security_opt" => Many(value, it => [Profile(it)]),
        _ => value,
    };

    private MapNode Resource(MapNode resource) => resource.Each((field, value) => field switch
    {
        "labels" => Pairs(value),
        "file" => PathIn(value),
        _ => value,
    });

    private static Node Build(Node value) => value is MapNode build
        ? build.Each((name, it) => name is "args" or "labels" ? Pairs(it) : it) : value;

    private static MapNode Include(Node item) => item is MapNode map
        ? map.Each((name, it) => name is "path" or "env_file" ? List(it, one => one) : it)
        : MapNode.Of(item.At, ("path", List(item, one => one)));

    private Node EnvFileEntry(Node item) => item switch
    {
        ScalarNode { IsNull: false } path => MapNode.Of(item.At, ("path", EnvPath(path))),
        MapNode map => map.Each((name, it) => name == "path" ? EnvPath(it) : it),
        _ => item,
    };

    private Node EnvPath(Node node)
    {
        if (node is ScalarNode path && FilePaths.IsAbsolute(path.Text))
            notes.Warn("services.*.env_file", node.At, $"{path.Text} is an absolute path, which is on this machine only");
        return PathIn(node);
    }

    private Node PathIn(Node node) =>
        node is ScalarNode { IsNull: false } path ? path with { Text = FilePaths.Join(folder, path.Text) } : node;

    /// <summary>One value is a list of one.</summary>
    internal static Node List(Node value, Func<Node, Node> make) => value switch
    {
        ListNode list => list with { Items = [.. list.Items.Select(make)] },
        ScalarNode { IsNull: true } => value,
        _ => new ListNode(value.At, [make(value)], value.Mark),
    };

    private static Node Many(Node value, Func<Node, IEnumerable<Node>> make) =>
        value is ListNode list ? list with { Items = [.. list.Items.SelectMany(make)] } : value;

    /// <summary><c>- NAME=VALUE</c> is <c>NAME: VALUE</c>, and a name alone has the empty value.</summary>
    private static Node Pairs(Node value) => Pairs(value, (at, _) => at.Text(""));

    /// <summary>A name alone takes the value that the variable has where the file is read; none when it is not set.</summary>
    private Node Environment(Node value)
    {
        var map = Pairs(value, (at, _) => ScalarNode.Null(at));
        return map is not MapNode pairs ? map : pairs.Each((name, it) =>
            it is ScalarNode { IsNull: true, Mark: Mark.None } && variables[name] is { } outer ? it.At.Text(outer) : it);
    }

    private static Node Pairs(Node value, Func<Place, string, Node> alone)
    {
        if (value is not ListNode list) return value;
        OrderedDictionary<string, Node> map = [];
        foreach (var item in list.Items)
        {
            if (item is not ScalarNode { IsNull: false } scalar) return value;
            var equals = scalar.Text.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? scalar.Text : scalar.Text[..equals];
            map[name] = equals < 0 ? alone(scalar.At, name) : scalar with { Text = scalar.Text[(equals + 1)..], IsPlain = false };
        }

        return new MapNode(value.At, map, value.Mark);
    }

    /// <summary>A list of names is a mapping of them.</summary>
    private static Node Named(Node value, Func<Place, Node> one)
    {
        if (value is not ListNode list || !list.Items.All(it => it is ScalarNode { IsNull: false })) return value;
        OrderedDictionary<string, Node> map = [];
        foreach (var name in list.Items.Cast<ScalarNode>()) map[name.Text] = one(name.At);
        return new MapNode(value.At, map, value.Mark);
    }

    private static IEnumerable<Node> Grant(Node item) =>
        [item is ScalarNode { IsNull: false } ? MapNode.Of(item.At, ("source", item)) : item];

    private static Node Device(Node item)
    {
        if (item is not ScalarNode { IsNull: false } scalar || !scalar.Text.StartsWith('/')) return item;
        return scalar.Text.Split(':') switch
        {
            [var source] => Device(source, source, null),
            [var source, var target] when target.StartsWith('/') => Device(source, target, null),
            [var source, var rights] => Device(source, source, rights),
            [var source, var target, var rights] => Device(source, target, rights),
            _ => item,
        };

        MapNode Device(string source, string target, string? rights) => MapNode.Of(item.At, ("source", item.At.Text(source)),
            ("target", item.At.Text(target)), ("permissions", rights is null ? null : item.At.Text(rights)));
    }

    /// <summary>A profile that is a file is found from the folder of the compose file.</summary>
    private Node Profile(Node item) => item is ScalarNode { IsNull: false } scalar
        && scalar.Text.Split([':', '='], 2) is ["seccomp", not "unconfined" and var path] && !path.StartsWith('{')
            ? scalar with { Text = $"seccomp={FilePaths.Join(folder, path)}" } : item;
}
