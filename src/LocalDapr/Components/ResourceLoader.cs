using System.Text.RegularExpressions;
using LocalDapr.Resiliency;

namespace LocalDapr.Components;

/// <summary>Reads resources folders. What cannot be served is refused here, by file and type, and not at the first call.</summary>
internal sealed partial class ResourceLoader(ILogger log)
{
    /// <exception cref="ResourceException">A file cannot be used.</exception>
    public Resources Load(IReadOnlyList<string> folders, IReadOnlyList<string> configurationFiles)
    {
        var files = folders.SelectMany(FilesOf).Concat(configurationFiles).Distinct().ToList();
        var documents = files.SelectMany(file => Yaml.Documents(file, File.ReadAllText(file)).Select(yaml => (File: file, Yaml: yaml))).ToList();
        // Configuration files alone are expanded before they are parsed; a component names variables with envRef or ${NAME} in a value.
        var configurations = documents.Where(d => KindOf(d.Yaml) == "Configuration").Select(d => d.File).Distinct()
            .SelectMany(file => Yaml.Documents(file, Expand(File.ReadAllText(file))).Where(y => KindOf(y) == "Configuration").Select(y => (file, y)));
        var resiliency = new ResiliencyReader(log);
        foreach (var (file, yaml) in documents.Where(d => KindOf(d.Yaml) == "Resiliency")) resiliency.Read(file, yaml);
        foreach (var (file, yaml) in documents)
        {
            if (KindOf(yaml) is not ("Component" or "Configuration" or "Resiliency" or "Subscription"))
                LogIgnored(file, KindOf(yaml) ?? "(none)");
        }

        return new()
        {
            Components = new ComponentReader(log).Read([.. documents.Where(d => KindOf(d.Yaml) == "Component")]),
            Features = new ConfigurationReader(log).Features([.. configurations]),
            Resiliency = resiliency.Result,
            Subscriptions = [.. documents.Where(d => KindOf(d.Yaml) == "Subscription").Select(d => SubscriptionFiles.Read(d.File, d.Yaml))],
        };
    }

    public static string Expand(string text) =>
        Variable().Replace(text, match => Environment.GetEnvironmentVariable(match.Groups[1].Value) ?? "");

    private static string? KindOf(Yaml yaml) => yaml["kind"].Text;

    private static IEnumerable<string> FilesOf(string folder)
    {
        if (!Directory.Exists(folder)) throw new ResourceException(folder, "the resources folder does not exist");
        return Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".yaml" or ".yml").Order(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Variable();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: a document of kind {Kind} is ignored")]
    private partial void LogIgnored(string file, string kind);
}
