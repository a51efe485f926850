namespace LocalDapr.Components;

/// <summary>
/// Reads documents of kind Configuration: features count, workflow is for its block, what else is written there is named as ignored.
/// </summary>
internal sealed partial class ConfigurationReader(ILogger log)
{
    private static readonly string[] WithoutMeaningHere = ["nameResolution", "mtls", "logging", "metric", "metrics", "tracing"];

    public HashSet<string> Features(IEnumerable<Document> documents)
    {
        var features = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (file, yaml) in documents)
        {
            foreach (var feature in yaml["spec"]["features"].Items)
            {
                if (feature["enabled"].IsTrue && feature["name"].Text is { } name) features.Add(name);
            }

            foreach (var (section, _) in yaml["spec"].Fields)
            {
                if (section is "features" or "workflow") continue;
                if (WithoutMeaningHere.Contains(section)) LogNoMeaning(file, section);
                else LogNotEnforced(file, section);
            }
        }

        return features;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{File}: {Section} has no meaning on one machine and is ignored")]
    private partial void LogNoMeaning(string file, string section);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: {Section} is not enforced by LocalDapr")]
    private partial void LogNotEnforced(string file, string section);
}
