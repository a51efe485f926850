using Orchestrator.Compose.Forms;
using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>What runs in the container: a text is split into words as a shell does; an empty one takes away what the image says.</summary>
internal sealed record ProgramFields(ValueList<string>? Entrypoint, ValueList<string> Command)
{
    public static ProgramFields Of(Section service, Translating it)
    {
        var entrypoint = Words("entrypoint", service, it.Notes);
        var command = Words("command", service, it.Notes);
        if (command is { Count: 0 } && entrypoint is null)
            service.Note("command", "the image's own command runs: it can be left out only together with its entrypoint");
        return new(entrypoint, command ?? []);
    }

    /// <summary>None when the image decides.</summary>
    internal static ValueList<string>? Words(string name, Section section, Notes notes)
    {
        switch (section.Take(name))
        {
            case null:
                return null;
            case ScalarNode text when ShellWords.Split(text.Text) is { } words:
                return words.ToValueList();
            case ScalarNode text:
                notes.Wrong(text.At, "has a quote that is not closed");
                return [];
            default:
                return section.Texts(name);
        }
    }
}
