using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary><c>label_file</c> from the top down, and <c>labels</c> over it.</summary>
internal static class LabelFields
{
    private const string Reserved = "com.docker.compose";

    public static ValueMap Of(Section service, Translating it)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        if (service.Take("label_file") is ListNode files)
        {
            foreach (var file in files.Items.OfType<ScalarNode>())
            {
                foreach (var (name, value) in EnvironmentFields.Read(file, isRequired: true, isRaw: false, it)) labels[name] = value ?? "";
            }
        }

        foreach (var (name, value) in service.Pairs("labels")) labels[name] = value;
        foreach (var name in labels.Keys.Where(name => name.StartsWith(Reserved, StringComparison.Ordinal)))
            service.Wrong("labels", $"{name}: labels that begin with {Reserved} are Compose's own");
        return new(labels);
    }
}
