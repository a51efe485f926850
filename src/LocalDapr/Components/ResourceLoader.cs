namespace LocalDapr.Components;

/// <summary>Reads resources folders. What cannot be served is refused here, by file and type, and not at the first call.</summary>
internal sealed partial class ResourceLoader(ReadSecret secret, ILogger log)
{
    /// <exception cref="ResourceException">A file cannot be used.</exception>
    public Resources Load(IReadOnlyList<string> folders, IReadOnlyList<string> configurationFiles)
    {
        var files = folders.SelectMany(FilesOf).Concat(configurationFiles).Distinct().ToList();
        var documents = files.SelectMany(file => Document.In(file, File.ReadAllText(file))).ToLookup(document => document.Kind);
        // Configuration files alone are expanded before they are parsed; a component names variables with envRef or ${NAME} in a value.
        var configurations = documents["Configuration"].Select(d => d.File).Distinct()
            .SelectMany(file => Document.In(file, Variables.Expand(File.ReadAllText(file)))).Where(d => d.Kind == "Configuration").ToList();
        foreach (var document in documents.SelectMany(d => d))
        {
            if (document.Kind is not ("Component" or "Configuration" or "Resiliency" or "Subscription"))
                LogIgnored(document.File, document.Kind ?? "(none)");
        }

        return new()
        {
            Components = new ComponentReader(secret, log).Read([.. documents["Component"]]),
            Features = new ConfigurationReader(log).Features(configurations),
            Documents = [.. configurations, .. documents["Resiliency"], .. documents["Subscription"]],
        };
    }

    private static IEnumerable<string> FilesOf(string folder)
    {
        if (!Directory.Exists(folder)) throw new ResourceException(folder, "the resources folder does not exist");
        return Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".yaml" or ".yml").Order(StringComparer.Ordinal);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: a document of kind {Kind} is ignored")]
    private partial void LogIgnored(string file, string kind);
}
