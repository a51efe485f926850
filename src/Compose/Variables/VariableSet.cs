using Orchestrator.Compose.Nodes;

namespace Orchestrator.Compose.Variables;

/// <summary>The variables that a project sees: those from outside, and after them the defaults of its files.</summary>
/// <param name="outer">Has precedence.</param>
internal sealed class VariableSet(Func<string, string?> outer)
{
    private readonly Dictionary<string, string> defaults = new(StringComparer.Ordinal);

    public string? this[string name] => outer(name) ?? defaults.GetValueOrDefault(name);

    /// <summary>What later files say goes before what earlier ones said.</summary>
    public void Add(string file, string text, Notes notes)
    {
        foreach (var (name, value) in EnvFile.Read(file, text, it => this[it], notes))
        {
            if (value is null) defaults.Remove(name);
            else defaults[name] = value;
        }
    }

    public void Add(string name, string value) => defaults[name] = value;

    /// <summary>The tree with variables put into its values; keys stay as they are.</summary>
    public Node Interpolate(Node node, Notes notes) => node switch
    {
        MapNode map => map.Each((_, value) => Interpolate(value, notes)),
        ListNode list => list with { Items = [.. list.Items.Select(it => Interpolate(it, notes))] },
        ScalarNode { IsNull: false } scalar when scalar.Text.Contains('$', StringComparison.Ordinal) =>
            scalar with { Text = Interpolate(scalar, notes) },
        _ => node,
    };

    private string Interpolate(ScalarNode scalar, Notes notes)
    {
        try
        {
            return new Interpolation(it => this[it], it => notes.Warn($"${{{it}}}", scalar.At, "is not set; it is taken as empty"))
                .Apply(scalar.Text);
        }
        catch (InterpolationException e)
        {
            notes.Wrong(scalar.At, e.Message);
            return scalar.Text;
        }
    }
}
