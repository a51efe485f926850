using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LocalDapr.Launch;

/// <summary>Reads dapr.yaml as the Dapr CLI does; what the CLI lets pass in silence becomes a warning with its line.</summary>
internal static class RunFileReader
{
    private const string DefaultFileName = "dapr.yaml";

    private static readonly string[] TopKeys = ["version", "name", "common", "apps"];

    private static readonly string[] SharedKeys =
    [
        "configFilePath", "appProtocol", "apiListenAddresses", "enableProfiling", "logLevel", "appMaxConcurrency",
        "placementHostAddress", "schedulerHostAddress", "resourcesPath", "resourcesPaths", "appSSL", "maxBodySize", "readBufferSize",
        "enableAppHealthCheck", "appHealthCheckPath", "appHealthProbeInterval", "appHealthProbeTimeout", "appHealthThreshold",
        "enableApiLogging", "runtimePath", "env", "daprdLogDestination", "appLogDestination",
    ];

    private static readonly string[] AppKeys =
    [
        .. SharedKeys,
        "appDirPath", "appID", "appChannelAddress", "appPort", "daprHTTPPort", "daprGRPCPort", "daprInternalGRPCPort", "profilePort",
        "metricsPort", "unixDomainSocket", "command", "containerImage", "containerImagePullPolicy", "createService",
    ];

    /// <summary>Reads a run file, or <c>dapr.yaml</c> in a folder.</summary>
    /// <exception cref="RunFileException">It cannot be run as written.</exception>
    public static RunFile Read(string fileOrFolder)
    {
        var file = Directory.Exists(fileOrFolder) ? Path.Combine(fileOrFolder, DefaultFileName) : fileOrFolder;
        if (!File.Exists(file)) throw new RunFileException($"{file}: there is no such file");
        return Parse(Path.GetFullPath(file), file, File.ReadAllText(file));
    }

    private static RunFile Parse(string path, string shown, string text)
    {
        var top = new RunFileSection(shown, "run file", Load(shown, text));
        var warnings = top.UnknownKeys(TopKeys).ToList();

        var version = top.Number("version", 0, int.MaxValue);
        if (version == 0) throw top.Wrong("version", "is required; write 'version: 1'");
        if (version != 1) warnings.Add($"{shown}:{top.LineOf("version")}: version {version} is read as version 1");

        var common = new RunFileSection(shown, "common", top.Node("common") ?? new YamlScalarNode(""));
        warnings.AddRange(common.UnknownKeys(SharedKeys));

        if (top.Node("apps") is not YamlSequenceNode { Children.Count: > 0 } list)
            throw top.Wrong("apps", "a list with at least one app is required");
        var sections = list.Children.Select((node, i) => new RunFileSection(shown, $"apps[{i}]", node)).ToList();
        warnings.AddRange(sections.SelectMany(section => section.UnknownKeys(AppKeys)));

        var folder = Path.GetDirectoryName(path)!;
        var apps = Named([.. sections.Select(section => RunFileEntry.Read(shown, folder, common, section, warnings))]);
        PortsAreTheirOwn(shown, apps);
        var name = top.Text("name") is { Length: > 0 } given ? given : Path.GetFileName(folder);
        return new RunFile(path, name, apps, warnings);
    }

    private static YamlNode Load(string shown, string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new MergingParser(new Parser(new StringReader(text))));
            return stream.Documents.Count > 0 ? stream.Documents[0].RootNode : throw new RunFileException($"{shown}: the file is empty");
        }
        catch (YamlException e)
        {
            throw new RunFileException($"{shown}:{e.Start.Line}: not readable as YAML: {e.Message}", e);
        }
    }

    private static List<RunFileApp> Named(IReadOnlyList<RunFileApp> apps)
    {
        var replicas = apps.CountBy(app => app.AppId).ToDictionary(count => count.Key, count => count.Value);
        var seen = new Dictionary<string, int>();
        return
        [
            .. apps.Select(app =>
            {
                var number = seen[app.AppId] = seen.GetValueOrDefault(app.AppId) + 1;
                return app with { Name = replicas[app.AppId] == 1 ? app.AppId : $"{app.AppId}-{number}" };
            }),
        ];
    }

    private static void PortsAreTheirOwn(string shown, IReadOnlyList<RunFileApp> apps)
    {
        if (apps.CountBy(app => app.Name).FirstOrDefault(count => count.Value > 1) is { Key: { } twice })
            throw new RunFileException($"{shown}: two apps would be called '{twice}'; choose other values of appID");

        var owners = new Dictionary<int, string>();
        foreach (var app in apps)
        {
            (string Key, int Port)[] ports =
            [
                ("appPort", app.AppPort), ("daprHTTPPort", app.DaprHttpPort), ("daprGRPCPort", app.DaprGrpcPort),
                ("daprInternalGRPCPort", app.DaprInternalGrpcPort), ("metricsPort", app.MetricsPort),
            ];
            foreach (var (key, port) in ports.Where(p => p.Port > 0))
            {
                if (!owners.TryAdd(port, $"{key} of {app.Name}"))
                    throw new RunFileException($"{shown}:{app.Line}: {key} of {app.Name}: port {port} is already {owners[port]}");
            }
        }
    }
}
