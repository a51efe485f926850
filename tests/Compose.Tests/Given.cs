using System.Text;
using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Loading;
using Orchestrator.Compose.Nodes;
using Orchestrator.Compose.Questions;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Tests;

/// <summary>Files and variables made of memory.</summary>
internal sealed class Given : ISurroundings
{
    private readonly Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);

    public ComposeRequest Request { get; init; } = new() { Files = ["compose.yaml"], Folder = "/home/ada/shop" };

    /// <summary>One compose file.</summary>
    public static Given File(string text) => new Given().With("compose.yaml", text);

    /// <summary>One service, called web, of which the fields are given.</summary>
    public static Given Web(string fields) => File(
        $"services:\n  web:\n{(fields.StartsWith("image:", StringComparison.Ordinal) ? "" : "    image: web:1\n")}{Indented(fields, 4)}");

    public Given With(string path, string text) => With(path, Encoding.UTF8.GetBytes(text));

    public Given With(string path, byte[] bytes)
    {
        files[path] = bytes;
        return this;
    }

    public Given Variable(string name, string value)
    {
        variables[name] = value;
        return this;
    }

    public Given Asking(Func<ComposeRequest, ComposeRequest> change)
    {
        var given = new Given { Request = change(Request) };
        foreach (var (path, bytes) in files) given.With(path, bytes);
        foreach (var (name, value) in variables) given.Variable(name, value);
        return given;
    }

    public Composed Translate() => ComposeFiles.Translate(Request, this);

    /// <summary>The stack's service, where there are no problems.</summary>
    public ServiceSpec Service(string name = "web")
    {
        var composed = Translate();
        Assert.Empty(composed.Problems);
        return composed.Stack!.Services[name]?.Spec ?? throw new ArgumentException($"no service {name}", nameof(name));
    }

    public ContainerSpec Container(string name = "web") => Service(name).Container;

    /// <summary>The problems, a line each.</summary>
    public string Problems() => string.Join("\n", Translate().Problems);

    /// <summary>The remarks, a line each.</summary>
    public string Remarks()
    {
        var composed = Translate();
        Assert.Empty(composed.Problems);
        return string.Join("\n", composed.Remarks);
    }

    /// <summary>All files as one, in long forms, as text that is equal for equal trees.</summary>
    public string Tree()
    {
        var notes = new Notes();
        var project = new ProjectLoader(this, notes).Load(Request);
        Assert.Empty(notes.Problems);
        return project.Root.Image;
    }

    public byte[]? Read(string path) => files.GetValueOrDefault(path);

    string? ISurroundings.Variable(string name) => variables.GetValueOrDefault(name);

    public static string Indented(string text, int blanks) =>
        string.Join("\n", text.Split('\n').Select(line => line.Length == 0 ? line : new string(' ', blanks) + line)) + "\n";
}
