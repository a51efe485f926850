namespace Conformance.World;

/// <summary>Where one sidecar and the application beside it are found.</summary>
public sealed record Address(string AppId, int AppPort, int HttpPort, int GrpcPort)
{
    /// <summary>Reads <c>appId:appPort:httpPort:grpcPort;…</c></summary>
    public static IReadOnlyList<Address> Read(string text) =>
    [
        .. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one =>
            one.Split(':') is [var id, var app, var http, var grpc]
                ? new Address(id, int.Parse(app), int.Parse(http), int.Parse(grpc))
                : throw new FormatException($"'{one}' in {Sidecars.Variable} is not appId:appPort:httpPort:grpcPort")),
    ];
}
