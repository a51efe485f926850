namespace Orchestrator.Hosts.Bed;

/// <summary>
/// A dapr.yaml whose workers live on other machines than their sidecars: LocalDapr starts them in their namespaces, and the two find each
/// other on loopback as ever, because the bed carries these ports over the link.
/// </summary>
internal static class BedRunFile
{
    /// <summary>Where the masters' REST APIs are, on the machine <c>control</c>.</summary>
    public static readonly int[] ApiPorts = [5000, 5001];

    public static readonly string[] Workers = ["worker-a", "worker-b"];

    /// <summary>Ports are the same in every bed: each has namespaces of its own.</summary>
    public static int AppPort(int worker) => 5011 + worker;

    public static int[] SidecarPorts(int worker) => [3503 + worker, 50013 + worker];

    public static string Address(string worker) => $"10.77.{Array.IndexOf(Workers, worker) + 2}.2";

    /// <summary>Where the sidecar of an application speaks HTTP: <c>worker-a</c>, <c>control-plane-1</c>.</summary>
    public static int SidecarPort(string app) =>
        Array.IndexOf(Workers, app) is >= 0 and var worker ? SidecarPorts(worker)[0] : MasterSidecarPort(app[^1] - '1');

    private static int MasterSidecarPort(int master) => 3501 + master;

    public static string Text(TestBed bed) => $"""
        version: 1
        common:
          resourcesPaths: [{TestBed.Repository}/components]
          configFilePath: {TestBed.Repository}/components/config.yaml
          appProtocol: http
          enableAppHealthCheck: true
          appHealthCheckPath: /healthz
          appHealthProbeInterval: 1
          appHealthProbeTimeout: 900
          appHealthThreshold: 3
          env:
            CLUSTER: {bed.Name}
        apps:
        {string.Join('\n', ApiPorts.Select(Master))}
        {string.Join('\n', Workers.Select((name, n) => Worker(bed, name, n)))}
        """;

    private static string Master(int apiPort, int n) => $"""
          - appID: control-plane
            appDirPath: {TestBed.Repository}
            appPort: {5100 + n}
            daprHTTPPort: {MasterSidecarPort(n)}
            daprGRPCPort: {50011 + n}
            command: ["dotnet", "{TestBed.Program("ControlPlane")}"]
            env:
              MEMBER_NAME: control-plane-{n + 1}
              API_PORT: {apiPort}
        """;

    private static string Worker(TestBed bed, string name, int n) => $"""
          - appID: {name}
            appDirPath: {TestBed.Repository}
            appPort: {AppPort(n)}
            daprHTTPPort: {SidecarPorts(n)[0]}
            daprGRPCPort: {SidecarPorts(n)[1]}
            command:
              - nsenter
              - --net=/run/netns/{bed.Name}-{name}
              - --
              - sh
              - -c
              - "{FalseClocks.Prefix(bed.ClockOf(name))} dotnet {TestBed.Program("WorkerAgent")}"
            env:
              DATA_FOLDER: {bed.DataFolder(name)}
              DOCKER_HOST: unix://{bed.EngineSocket(name)}
              ADDRESS: {Address(name)}
        """;
}
