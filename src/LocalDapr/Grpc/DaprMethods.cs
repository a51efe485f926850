using Grpc.AspNetCore.Server.Model;

namespace LocalDapr.Grpc;

/// <summary>Names of the methods and what answers them.</summary>
internal sealed class DaprMethods : IServiceMethodProvider<DaprService>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<DaprService> context)
    {
    }
}
