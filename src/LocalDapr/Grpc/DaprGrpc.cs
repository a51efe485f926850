using Grpc.AspNetCore.Server.Model;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LocalDapr.Grpc;

/// <summary>Registers the gRPC API; the message types come from Dapr.Protos, which has no server base for it.</summary>
internal static class DaprGrpc
{
    public static void AddTo(IServiceCollection services, long maxBody)
    {
        services.AddGrpc(o =>
        {
            o.MaxReceiveMessageSize = (int)Math.Min(maxBody, int.MaxValue);
            o.MaxSendMessageSize = null;
        });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<DaprService>, DaprMethods>());
    }

    public static void MapOn(WebApplication app) => app.MapGrpcService<DaprService>();
}
