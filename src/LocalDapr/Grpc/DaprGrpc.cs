using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LocalDapr.Grpc;

/// <summary>Registers the gRPC API; the message types come from Dapr's packages, which have no server bases for it.</summary>
internal static class DaprGrpc
{
    /// <summary>Answers of workers are read up to here, and count as failures above what a message may hold.</summary>
    private const int MostOfAnAnswer = 256 * 1024 * 1024;

    public static void AddTo(IServiceCollection services, long maxBody)
    {
        services.AddGrpc(o =>
        {
            o.MaxReceiveMessageSize = (int)Math.Min(maxBody, int.MaxValue);
            o.MaxSendMessageSize = null;
        });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<DaprService>, DaprMethods>());
        services.Configure<GrpcServiceOptions<WorkflowService>>(o => o.MaxReceiveMessageSize = MostOfAnAnswer);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<WorkflowService>, WorkflowMethods>());
    }

    /// <summary>What workers answer is read whatever its size; gRPC has a limit of its own for it.</summary>
    public static HttpContext Admit(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/" + WorkflowMethods.Service)
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        return context;
    }

    public static void MapOn(WebApplication app)
    {
        app.MapGrpcService<DaprService>();
        app.MapGrpcService<WorkflowService>();
    }
}
