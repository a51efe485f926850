using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>
/// The repository's own dapr.yaml with ports from the OS, absolute paths and an own cluster name, so that several can run side by side.
/// </summary>
internal sealed record RunFile(string Path, IReadOnlyList<AppEntry> Apps)
{
    private static readonly ConcurrentDictionary<int, bool> Given = new();
    private static readonly string[] PortKeys = ["appPort", "daprHTTPPort", "daprGRPCPort", "daprInternalGRPCPort", "metricsPort"];

    public IReadOnlyList<AppEntry> Masters => [.. Apps.Where(app => app.AppId == "control-plane")];

    public IReadOnlyList<AppEntry> Workers => [.. Apps.Where(app => app.AppId.StartsWith("worker-", StringComparison.Ordinal))];

    public static RunFile Write(string repository, string folder, string cluster)
    {
        var yaml = new YamlStream();
        using (var reader = File.OpenText(System.IO.Path.Combine(repository, "dapr.yaml"))) yaml.Load(reader);
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        var entries = ((YamlSequenceNode)root["apps"]).Cast<YamlMappingNode>().ToList();

        if (root.Children.TryGetValue("common", out var common)) MakePathsAbsolute((YamlMappingNode)common, repository);
        ((YamlSequenceNode)root["common"]["resourcesPaths"]).Add(Vault.Write(folder));
        var apps = entries.Select(entry => Change(entry, repository, folder, cluster)).ToList();
        var path = System.IO.Path.Combine(folder, "dapr.yaml");
        using (var writer = File.CreateText(path)) yaml.Save(writer, assignAnchors: false);
        return new RunFile(path, Named(apps));
    }

    private static AppEntry Change(YamlMappingNode entry, string repository, string folder, string cluster)
    {
        var directory = System.IO.Path.GetFullPath(System.IO.Path.Combine(repository, Text(entry, "appDirPath")));
        entry.Children["appDirPath"] = directory;
        MakePathsAbsolute(entry, directory);
        var ports = PortKeys.ToDictionary(key => key, _ => FreePort());
        foreach (var (key, port) in ports)
        {
            if (entry.Children.ContainsKey(key)) entry.Children[key] = port.ToString(CultureInfo.InvariantCulture);
        }

        if (!entry.Children.TryGetValue("env", out var env)) entry.Children["env"] = env = new YamlMappingNode();
        var variables = ((YamlMappingNode)env).Children;
        variables["CLUSTER"] = cluster;
        var api = variables.ContainsKey("API_PORT") ? FreePort() : 0;
        if (api > 0)
        {
            variables["API_PORT"] = api.ToString(CultureInfo.InvariantCulture);
            variables["SECRET_KEYS"] = System.IO.Path.Combine(folder, "keys");
        }
        else
        {
            variables["DATA_FOLDER"] = System.IO.Path.Combine(folder, ".orchestrator", "workers");
        }

        return new AppEntry(Text(entry, "appID"), Text(entry, "appID"), ports["appPort"], api, ports["daprHTTPPort"]);
    }

    private static void MakePathsAbsolute(YamlMappingNode node, string directory)
    {
        if (node.Children.TryGetValue("resourcesPaths", out var paths))
        {
            foreach (var scalar in ((YamlSequenceNode)paths).Cast<YamlScalarNode>())
                scalar.Value = System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, scalar.Value!));
        }

        foreach (var key in new[] { "resourcesPath", "configFilePath" })
        {
            if (node.Children.ContainsKey(key))
                node.Children[key] = System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, Text(node, key)));
        }

    }

    /// <summary>The launcher's names: the app id, with its place in the file where several share one.</summary>
    private static List<AppEntry> Named(List<AppEntry> apps) =>
        [.. apps.Select((app, index) => apps.Count(other => other.AppId == app.AppId) == 1
            ? app
            : app with { Name = $"{app.AppId}-{apps.Take(index + 1).Count(other => other.AppId == app.AppId)}" })];

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    /// <summary>A port that nobody listens on, given once, and outside the range from which outgoing connections take theirs.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 30_000);
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            }
            catch (SocketException)
            {
                continue;
            }

            if (Given.TryAdd(port, true)) return port;
        }
    }
}

/// <param name="Name">What the launcher calls it: <c>control-plane-1</c>.</param>
/// <param name="AppPort">Where its sidecar calls it.</param>
/// <param name="ApiPort">Where a master serves the REST API; 0 for workers.</param>
internal sealed record AppEntry(string Name, string AppId, int AppPort, int ApiPort, int SidecarPort)
{
    public Uri Url => new($"http://localhost:{ApiPort}");

    /// <summary>What its sidecar calls; others get its health and its figures there.</summary>
    public Uri AppUrl => new($"http://localhost:{AppPort}");
}
