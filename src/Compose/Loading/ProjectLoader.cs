using System.Text;
using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Files;
using Orchestrator.Compose.Forms;
using Orchestrator.Compose.Merging;
using Orchestrator.Compose.Nodes;
using Orchestrator.Compose.Questions;
using Orchestrator.Compose.Variables;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Loading;

/// <summary>
/// Reads the files of a project. Each file by itself: aliases, variables, long forms, what it extends; then they are merged in their order,
/// and what they include is added.
/// </summary>
internal sealed class ProjectLoader(ISurroundings surroundings, Notes notes)
{
    private const int DeepestInclude = 20;

    private static readonly string[] Sections = ["services", "networks", "volumes", "configs", "secrets", "models"];

    private readonly Dictionary<string, VariableSet> seen = new(StringComparer.Ordinal);

    /// <exception cref="ComposeFault">A file is not there or cannot be read.</exception>
    public Project Load(ComposeRequest request)
    {
        var files = request.Files.Count > 0 ? request.Files : Default();
        var folder = FilePaths.FolderOf(files[0]);
        var variables = new VariableSet(surroundings.Variable);
        AddEnvFiles(variables, folder, [.. request.EnvFiles.Select(it => (it, new Place(it, 0, "")))]);
        var read = files.Select(file => (file, YamlFile.Read(file, Text(file)))).ToList();
        var (name, at) = ProjectName.Of(request, folder, variables, [.. read.Select(it => it.Item2)], notes);
        variables.Add(ProjectName.Variable, name);
        var root = Model(read, folder, new(it => it == ProjectName.Variable ? name : variables[it]), []);
        return new(name, at, Merge.Clean(root), file => seen.GetValueOrDefault(file) ?? variables);
    }

    private ValueList<string> Default() =>
        ComposeRequest.DefaultFiles.FirstOrDefault(it => surroundings.Read(it) is not null) is { } file ? [file]
        : throw new ComposeFault(new(ComposeRequest.DefaultFiles[0], 0, ""),
            $"is not there, nor {string.Join(", ", ComposeRequest.DefaultFiles.Skip(1))}; name a file with -f");

    /// <summary>Files that are merged into one model, and what that includes.</summary>
    private MapNode Model(
        IReadOnlyList<(string File, MapNode Root)> files, string folder, VariableSet variables, IReadOnlyList<string> within)
    {
        MapNode? model = null;
        foreach (var (file, root) in files)
        {
            var one = Long(file, root, folder, variables);
            one = new Extending(path => Open(path, folder, variables), notes).All(file, one);
            model = model is null ? one : Merge.Files(model, one);
        }

        return Included(model!, folder, variables, [.. within, .. files.Select(it => it.File)]);
    }

    private MapNode Long(string file, MapNode root, string folder, VariableSet variables)
    {
        seen.TryAdd(file, variables);
        return new LongForms(folder, variables, notes).File((MapNode)variables.Interpolate(root, notes));
    }

    /// <summary>A file that a service extends: seen from the main file, or else from the one that names it.</summary>
    private (string File, MapNode Root)? Open(ScalarNode path, string folder, VariableSet variables)
    {
        foreach (var from in new[] { folder, FilePaths.FolderOf(path.At.File) }.Distinct())
        {
            var file = FilePaths.Join(from, path.Text);
            if (surroundings.Read(file) is not null)
                return (file, Long(file, YamlFile.Read(file, Text(file)), FilePaths.FolderOf(file), variables));
        }

        return null;
    }

    private MapNode Included(MapNode model, string folder, VariableSet variables, IReadOnlyList<string> within)
    {
        if (model["include"] is not ListNode include || include.Mark == Mark.Reset) return model.With("include", null);
        model = model.With("include", null);
        foreach (var item in include.Items.OfType<MapNode>()) model = Add(model, Include(item, folder, variables, within));
        return model;
    }

    private MapNode Include(MapNode item, string folder, VariableSet variables, IReadOnlyList<string> within)
    {
        List<(string File, MapNode Root)> files = [];
        foreach (var path in Texts(item["path"]))
        {
            var file = FilePaths.Join(folder, path.Text);
            if (within.Contains(file) || within.Count > DeepestInclude)
                throw new ComposeFault(path.At, $"{file} includes itself: {string.Join(" → ", within.Append(file))}");
            files.Add((file, YamlFile.Read(file, Text(file, path.At))));
        }

        if (files.Count == 0) throw new ComposeFault(item.At, "names the file to include in path");
        var own = Texts(item["project_directory"]).FirstOrDefault() is { } directory
            ? FilePaths.Join(folder, directory.Text) : FilePaths.FolderOf(files[0].File);
        var inner = new VariableSet(it => variables[it]);
        AddEnvFiles(inner, own, [.. Texts(item["env_file"]).Select(it => (FilePaths.Join(folder, it.Text), it.At))]);
        return Model(files, own, inner, within);
    }

    /// <summary>What is there already stays; two of one name are not merged.</summary>
    private MapNode Add(MapNode model, MapNode included)
    {
        foreach (var section in Sections)
        {
            if (included[section] is not MapNode more) continue;
            var known = model[section] as MapNode ?? MapNode.Of(more.At);
            foreach (var (name, value) in more.Fields)
            {
                if (known[name] is not { } before) known = known.With(name, value);
                else if (before.Image != value.Image)
                    notes.Warn($"{section}.{name}", value.At, $"is included, and is there already, in {before.At.Where}, which counts");
            }

            model = model.With(section, known);
        }

        return model;
    }

    /// <summary>The files that are named, or else <c>.env</c> if it is there.</summary>
    private void AddEnvFiles(VariableSet variables, string folder, List<(string File, Place At)> named)
    {
        foreach (var (file, at) in named) variables.Add(file, Text(file, at), notes);
        var byDefault = FilePaths.Join(folder, ".env");
        if (named.Count == 0 && surroundings.Read(byDefault) is { } found) 
            variables.Add(byDefault, Encoding.UTF8.GetString(found), notes);
    }

    /// <param name="at">Where the file is named; none when it is asked for.</param>
    private string Text(string file, Place? at = null) => surroundings.Read(file) is { } bytes ? Encoding.UTF8.GetString(bytes)
        : throw new ComposeFault(at ?? new(file, 0, ""), at is null ? "is not there" : $"{file} is not there");

    private static IEnumerable<ScalarNode> Texts(Node? node) => node switch
    {
        ListNode list => list.Items.OfType<ScalarNode>().Where(it => !it.IsNull),
        ScalarNode { IsNull: false } one => [one],
        _ => [],
    };
}
