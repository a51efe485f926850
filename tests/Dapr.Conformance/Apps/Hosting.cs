using Microsoft.AspNetCore.Hosting;
using Conformance.World;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Conformance.Apps;

/// <summary>
/// What both test applications have in common: they learn their sidecar from configuration, as every Dapr application can.
/// </summary>
internal static class Hosting
{
    public static WebApplicationBuilder Builder(Replica replica)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DAPR_HTTP_PORT"] = replica.Address.HttpPort.ToString(),
            ["DAPR_GRPC_PORT"] = replica.Address.GrpcPort.ToString(),
            ["DAPR_API_TOKEN"] = Environment.GetEnvironmentVariable("DAPR_API_TOKEN"),
        });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            replica.ListenOn(kestrel);
        });
        builder.Services.AddSingleton(new HostName(replica.Name));
        return builder;
    }
}

/// <summary>The replica an actor or a route runs in.</summary>
public sealed record HostName(string Value);
