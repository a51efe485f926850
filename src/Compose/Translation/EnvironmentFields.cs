using System.Text;
using Orchestrator.Compose.Nodes;
using Orchestrator.Compose.Variables;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary><c>env_file</c> from the top down, and <c>environment</c> over it.</summary>
internal static class EnvironmentFields
{
    public static ValueMap Of(Section service, Translating it)
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (var entry in service.Items("env_file"))
        {
            var (path, isRequired, format) = (entry.Scalar("path"), entry.Flag("required") ?? true, entry.Text("format"));
            if (path is null) entry.Wrong("path", "is required");
            if (format is not (null or "raw")) entry.Wrong("format", "is raw, or left out");
            entry.End();
            if (path is not null) Take(Read(path, isRequired, format == "raw", it), variables);
        }

        foreach (var (name, value) in service.Entries("environment"))
        {
            // A variable that nobody has set is none, whatever a file says of it.
            if (value is ScalarNode { IsNull: true }) variables.Remove(name);
            else if (value is ScalarNode scalar) variables[name] = scalar.Text;
            else it.Notes.Wrong(value.At, $"is {value.Word()}, and a single value is expected");
        }

        return new(variables);
    }

    private static void Take(IEnumerable<KeyValuePair<string, string?>> read, Dictionary<string, string> variables)
    {
        foreach (var (name, value) in read)
        {
            if (value is null) variables.Remove(name);
            else variables[name] = value;
        }
    }

    internal static IReadOnlyList<KeyValuePair<string, string?>> Read(ScalarNode path, bool isRequired, bool isRaw, Translating it)
    {
        if (it.Surroundings.Read(path.Text) is not { } bytes)
        {
            if (isRequired) it.Notes.Wrong(path.At, $"{path.Text} is not there");
            return [];
        }

        try
        {
            var variables = it.Project.VariablesOf(path.At.File);
            return EnvFile.Read(path.Text, Encoding.UTF8.GetString(bytes), name => variables[name], it.Notes, isRaw);
        }
        catch (ComposeFault e)
        {
            it.Notes.Wrong(e.At, e.Message);
            return [];
        }
    }
}
