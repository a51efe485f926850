using System.Text;
using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Loading;
using Orchestrator.Compose.Nodes;
using Orchestrator.Compose.Questions;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>What is declared beside the services, and what of it they use.</summary>
internal sealed class Declarations
{
    private readonly Dictionary<string, DeclaredVolume> volumes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> networks = new(StringComparer.Ordinal) { ["default"] = null };
    private readonly Dictionary<(ContentKind, string), DeclaredContent> content = [];
    private readonly HashSet<(ContentKind, string)> used = [];
    private readonly Notes notes;

    private Declarations(Notes notes) => this.notes = notes;

    public static Declarations Of(Section root, Names names, Notes notes)
    {
        var declared = new Declarations(notes);
        foreach (var (key, it) in root.Named("volumes")) declared.volumes[key] = Volume(key, it, names);
        foreach (var (key, it) in root.Named("networks")) declared.networks[key] = Network(key, it);
        foreach (var (key, it) in root.Named("secrets"))
            declared.content[(ContentKind.Secret, key)] = Content(ContentKind.Secret, key, it, names);
        foreach (var (key, it) in root.Named("configs"))
            declared.content[(ContentKind.Config, key)] = Content(ContentKind.Config, key, it, names);
        return declared;
    }

    /// <summary>None when it is not declared.</summary>
    public DeclaredVolume? Volume(string key) => volumes.GetValueOrDefault(key);

    public bool HasNetwork(string key) => networks.ContainsKey(key);

    /// <summary>What the network is called on the workers; none when it is one that the project would have made.</summary>
    public string? Network(string key) => networks.GetValueOrDefault(key);

    /// <summary>A service uses a secret or a config; none when it is not declared.</summary>
    public string? Use(ContentKind kind, string key)
    {
        if (!content.TryGetValue((kind, key), out var it)) return null;
        used.Add((kind, key));
        return it.Name;
    }

    /// <summary>The secrets and configs that are used, with their values.</summary>
    public IEnumerable<NeededContent> Needed(Project project, ISurroundings surroundings) => content
        .Where(it => used.Contains(it.Key)).Select(it => it.Value.Read(project, surroundings, notes))
        .DistinctBy(it => (it.Kind, it.Name)).OrderBy(it => it.Kind).ThenBy(it => it.Name, StringComparer.Ordinal);

    private static DeclaredVolume Volume(string key, Section it, Names names)
    {
        var (isExternal, own) = External(it);
        var driver = it.Text("driver") is { } word && word is not ("default" or "local") ? word : null;
        var options = it.Pairs("driver_opts");
        it.Instead("are not set on the volume", "labels");
        if (isExternal) it.Note("external", "must be there on the worker: where it is not, the engine makes an empty one");
        it.End();
        return new(names.Resource(key, own, isExternal), isExternal ? null : driver, isExternal || options.Count == 0 ? null : options);
    }

    private static string? Network(string key, Section it)
    {
        var (isExternal, own) = External(it);
        it.Silent("driver");
        if (!isExternal)
            it.Instead("is not set: no network is made",
                "driver_opts", "attachable", "enable_ipv4", "enable_ipv6", "ipam", "internal", "labels");
        it.End();
        return isExternal ? own ?? key : own;
    }

    private static DeclaredContent Content(ContentKind kind, string key, Section it, Names names)
    {
        var (isExternal, own) = External(it);
        ScalarNode?[] sources = [it.Scalar("file"), it.Scalar("environment"), kind == ContentKind.Config ? it.Scalar("content") : null];
        if (!isExternal && sources.Count(source => source is not null) != 1)
            it.Wrong("file", kind == ContentKind.Secret ? "says where its value is from, with one of file, environment and external"
                : "says where its value is from, with one of file, environment, content and external");
        it.Instead("are not kept", "labels");
        it.Instead("is not used: the value is kept by the orchestrator", "driver", "driver_opts");
        it.Instead("is not done: the value is taken as it is", "template_driver");
        it.End();
        return new(kind, names.Resource(key, own, isExternal), isExternal, sources[0], sources[1], sources[2]);
    }

    /// <summary>What is external says nothing but its name.</summary>
    private static (bool IsExternal, string? Name) External(Section it)
    {
        var name = it.Text("name");
        if (it.Take("external") is MapNode map)
        {
            var inner = new Section(map, "external", new());
            return (true, inner.Text("name") ?? name);
        }

        var isExternal = it.Flag("external") == true;
        if (isExternal && it.Others("external", "name") is { } other)
            it.Wrong(other, "cannot stand beside external: true, which says that somebody else has made it");
        return (isExternal, name);
    }
}

internal sealed record DeclaredVolume(string Name, string? Driver, ValueMap? Options);

/// <summary>Where a secret or a config has its value from.</summary>
internal sealed record DeclaredContent(
    ContentKind Kind, string Name, bool IsExternal, ScalarNode? File, ScalarNode? Variable, ScalarNode? Text)
{
    private const int MostBytes = 500 * 1024;

    public NeededContent Read(Project project, ISurroundings surroundings, Notes notes)
    {
        var needed = new NeededContent { Kind = Kind, Name = Name, External = IsExternal };
        if (IsExternal) return needed;
        if (Text is not null) return needed with { Value = Bounded(Text.Text, Text.At, notes) };
        if (Variable is not null)
        {
            var value = project.VariablesOf(Variable.At.File)[Variable.Text];
            if (value is null) notes.Wrong(Variable.At, $"{Variable.Text} is not set");
            return needed with { Value = Bounded(value ?? "", Variable.At, notes) };
        }

        if (File is null) return needed;
        if (surroundings.Read(File.Text) is not { } bytes)
        {
            notes.Wrong(File.At, $"{File.Text} is not there");
            return needed;
        }

        if (bytes.Length > MostBytes) notes.Wrong(File.At, TooLong(bytes.Length));
        return Utf8(bytes) is { } text ? needed with { Value = text } : needed with { Base64 = Convert.ToBase64String(bytes) };
    }

    private string Bounded(string value, Place at, Notes notes)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        if (length > MostBytes) notes.Wrong(at, TooLong(length));
        return value;
    }

    private string TooLong(int bytes) => $"has {bytes} bytes; a {Kind.Word()} has at most {MostBytes}";

    /// <summary>None when it is no text, which would not be the same bytes again.</summary>
    private static string? Utf8(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var isSame = !text.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(bytes);
        return isSame ? text : null;
    }
}
