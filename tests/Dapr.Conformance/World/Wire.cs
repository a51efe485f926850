using Grpc.Core;

namespace Conformance.World;

/// <summary>What every plain gRPC call carries: the token, if the sidecars want one, and a deadline.</summary>
public static class Wire
{
    public static Metadata Metadata =>
        Environment.GetEnvironmentVariable("DAPR_API_TOKEN") is { Length: > 0 } token ? [new("dapr-api-token", token)] : [];

    public static DateTime Deadline => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30);
}
