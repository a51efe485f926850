using Dapr.Client.Autogen.Grpc.v1;
using Grpc.Core;

namespace LocalDapr.Grpc;

internal sealed partial class DaprService
{
    public Task<GetConfigurationResponse> GetConfiguration(GetConfigurationRequest request)
    {
        var response = new GetConfigurationResponse();
        foreach (var item in api.Configuration.Get(request.StoreName, request.Keys)) response.Items[item.Key] = Told(item);
        return Task.FromResult(response);
    }

    /// <summary>The first message carries the id, the next ones changes, until the caller leaves or unsubscribes.</summary>
    public async Task SubscribeConfiguration(
        SubscribeConfigurationRequest request, IServerStreamWriter<SubscribeConfigurationResponse> answers, ServerCallContext call)
    {
        var (id, changes) = api.Configuration.Watch(request.StoreName, [.. request.Keys]);
        try
        {
            await answers.WriteAsync(new() { Id = id }, call.CancellationToken);
            await foreach (var item in changes.ReadAllAsync(call.CancellationToken))
            {
                var told = new SubscribeConfigurationResponse { Id = id };
                told.Items[item.Key] = Told(item);
                await answers.WriteAsync(told, call.CancellationToken);
            }
        }
        finally
        {
            api.Configuration.Unwatch(id);
        }
    }

    public Task<UnsubscribeConfigurationResponse> UnsubscribeConfiguration(UnsubscribeConfigurationRequest request)
    {
        bool ok = api.Configuration.Unwatch(request.Id);
        return Task.FromResult(new UnsubscribeConfigurationResponse { Ok = ok, Message = ok ? "" : "no such subscription" });
    }

    private static ConfigurationItem Told(Configuration.ConfigurationItem item) => new() { Value = item.Value, Version = item.Version };
}
