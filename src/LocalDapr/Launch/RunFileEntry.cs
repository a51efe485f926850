using System.Globalization;

namespace LocalDapr.Launch;

/// <summary>One app of the run file with <c>common</c> merged in, by the CLI's rules.</summary>
internal static class RunFileEntry
{
    private const string AlwaysHome = "~/";

    /// <summary>Reads one entry; adds a sentence to <paramref name="warnings"/> for what is written but has no effect here.</summary>
    public static RunFileApp Read(string shown, string folder, RunFileSection common, RunFileSection app, List<string> warnings)
    {
        var dir = app.Text("appDirPath") is { Length: > 0 } given ? ResolveExisting(folder, given, app, "appDirPath")
            : throw app.Wrong("appDirPath", "is required");
        if (!Directory.Exists(dir)) throw app.Wrong("appDirPath", $"{dir} is not a folder");

        // The CLI takes 0, "" and false of an app for "not given", so common's value stands; we say so where it surprises.
        if (app.Has("enableAppHealthCheck") && !app.Flag("enableAppHealthCheck") && common.Flag("enableAppHealthCheck"))
        {
            warnings.Add($"{shown}:{app.LineOf("enableAppHealthCheck")}: enableAppHealthCheck: false does not override common's true "
                + "(the Dapr CLI reads it the same way)");
        }

        string Text(string key) => app.Text(key) is { Length: > 0 } own ? own : common.Text(key);
        int Number(string key, int min, int max) => app.Number(key, min, max) is not 0 and var own ? own : common.Number(key, min, max);
        bool Flag(string key) => app.Flag(key) | common.Flag(key);
        RunFileSection Owner(string key) => app.Text(key).Length > 0 ? app : common;

        foreach (var section in new[] { app, common })
        {
            section.Choice("appProtocol", "http", "grpc", "https", "grpcs", "h2c");
            section.Choice("daprdLogDestination", "file", "console", "fileAndConsole");
            section.Choice("appLogDestination", "file", "console", "fileAndConsole");
            _ = section.Flag("enableProfiling") | section.Flag("enableApiLogging");
        }

        var protocol = Text("appProtocol") is { Length: > 0 } p ? p : "http";
        if (protocol is not "http") throw Owner("appProtocol").Wrong("appProtocol", $"LocalDapr calls apps by http only, not {protocol}");
        if (Flag("appSSL")) throw (app.Flag("appSSL") ? app : common).Wrong("appSSL", "LocalDapr calls apps by plain http only");
        if (app.Text("unixDomainSocket").Length > 0) throw app.Wrong("unixDomainSocket", "LocalDapr listens on ports only");

        return new RunFileApp
        {
            Name = "",
            AppId = app.Text("appID") is { Length: > 0 } id ? id : Path.GetFileName(dir.TrimEnd('/')),
            Line = app.Line,
            AppDirPath = dir,
            Command = app.List("command"),
            Env = Merge(common.Map("env"), app.Map("env")),
            AppPort = app.Port("appPort"),
            AppChannelAddress = app.Text("appChannelAddress"),
            DaprHttpPort = app.Port("daprHTTPPort"),
            DaprGrpcPort = app.Port("daprGRPCPort"),
            DaprInternalGrpcPort = app.Port("daprInternalGRPCPort"),
            MetricsPort = app.Port("metricsPort"),
            AppProtocol = protocol,
            AppMaxConcurrency = Number("appMaxConcurrency", -1, int.MaxValue) is > 0 and var limit ? limit : -1,
            MaxBodySize = Size(Owner("maxBodySize"), "maxBodySize", 4 << 20),
            HealthCheck = Flag("enableAppHealthCheck") ? HealthCheck(Text, Number) : null,
            ResourcesPaths = Resources(folder, dir, common, app),
            ConfigFilePath = Config(folder, dir, common, app),
        };
    }

    private static AppHealthCheck HealthCheck(Func<string, string> text, Func<string, int, int, int> number)
    {
        var path = text("appHealthCheckPath") is { Length: > 0 } given ? given : "/healthz";
        var seconds = number("appHealthProbeInterval", 0, 86_400) is not 0 and var s ? s : 5;
        var milliseconds = number("appHealthProbeTimeout", 0, 86_400_000) is not 0 and var ms ? ms : 500;
        var threshold = number("appHealthThreshold", 0, 1_000) is not 0 and var n ? n : 3;
        return new AppHealthCheck(
            path.StartsWith('/') ? path : "/" + path, TimeSpan.FromSeconds(seconds), TimeSpan.FromMilliseconds(milliseconds), threshold);
    }

    private static Dictionary<string, string> Merge(
        IReadOnlyDictionary<string, string> common, IReadOnlyDictionary<string, string> app)
    {
        var merged = new Dictionary<string, string>(common);
        foreach (var (name, value) in app) merged[name] = value;
        return merged;
    }

    /// <summary>The app's own, else <c>.dapr/resources</c> beside the app, else common's.</summary>
    private static List<string> Resources(string folder, string dir, RunFileSection common, RunFileSection app)
    {
        if (Paths(dir, app) is { Count: > 0 } own) return own;
        var beside = Path.Combine(dir, ".dapr", "resources");
        return Directory.Exists(beside) ? [beside] : Paths(folder, common);
    }

    private static List<string> Paths(string from, RunFileSection section)
    {
        var paths = section.List("resourcesPaths").Select(path => ResolveExisting(from, path, section, "resourcesPaths")).ToList();
        if (section.Text("resourcesPath") is { Length: > 0 } one) paths.Add(ResolveExisting(from, one, section, "resourcesPath"));
        return paths;
    }

    private static string? Config(string folder, string dir, RunFileSection common, RunFileSection app)
    {
        const string key = "configFilePath";
        if (app.Text(key) is { Length: > 0 } own) return ResolveExisting(dir, own, app, key);
        var beside = Path.Combine(dir, ".dapr", "config.yaml");
        if (File.Exists(beside)) return beside;
        return common.Text(key) is { Length: > 0 } shared ? ResolveExisting(folder, shared, common, key) : null;
    }

    private static string ResolveExisting(string from, string path, RunFileSection section, string key)
    {
        var expanded = path.StartsWith(AlwaysHome, StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[AlwaysHome.Length..])
            : path;
        var full = Path.GetFullPath(expanded, from);
        return Path.Exists(full) ? full : throw section.Wrong(key, $"{full} does not exist");
    }

    /// <summary>Sizes as Kubernetes writes them: 4Mi, 512Ki, 1000000.</summary>
    private static long Size(RunFileSection section, string key, long absent)
    {
        var text = section.Text(key);
        if (text.Length == 0) return absent;
        (string Suffix, long Unit)[] units =
            [("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000), ("", 1)];
        var (suffix, unit) = units.First(u => text.EndsWith(u.Suffix, StringComparison.Ordinal));
        return long.TryParse(text[..^suffix.Length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)
            && count is >= -1 and < 1L << 33
            ? count * unit
            : throw section.Wrong(key, $"'{text}' is not a size such as 4Mi");
    }
}
