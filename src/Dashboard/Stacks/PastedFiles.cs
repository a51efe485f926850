using System.Text;
using Orchestrator.Compose;
using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Questions;

namespace Orchestrator.Dashboard.Stacks;

/// <summary>A compose file that somebody pasted: nothing is around it but the variables that were pasted with it.</summary>
internal sealed class PastedFiles(string compose, string variables) : ISurroundings
{
    private const string File = "compose.yaml";

    /// <param name="name">Of the stack; empty takes what the file says.</param>
    public static Composed Translate(string compose, string variables, string name) => ComposeFiles.Translate(
        new ComposeRequest { Files = [File], Name = name.Length > 0 ? name : null, Folder = "/pasted" },
        new PastedFiles(compose, variables));

    public byte[]? Read(string path) => Path.GetFileName(path) switch
    {
        File => Encoding.UTF8.GetBytes(compose),
        ".env" when variables.Length > 0 => Encoding.UTF8.GetBytes(variables),
        _ => null,
    };

    public string? Variable(string name) => null;
}
