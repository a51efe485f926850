using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf.WellKnownTypes;
using LocalDapr.Metadata;

namespace LocalDapr.Grpc;

internal sealed partial class DaprService
{
    public Task<GetMetadataResponse> GetMetadata()
    {
        var it = api.Metadata.Get();
        var response = new GetMetadataResponse
        {
            Id = it.App.Id,
            RuntimeVersion = SidecarMetadata.RuntimeVersion,
            ActorRuntime = new ActorRuntime
            {
                RuntimeStatus = it.ActorRuntime switch
                {
                    ActorRuntimeState.Disabled => ActorRuntime.Types.ActorRuntimeStatus.Disabled,
                    ActorRuntimeState.Running => ActorRuntime.Types.ActorRuntimeStatus.Running,
                    _ => ActorRuntime.Types.ActorRuntimeStatus.Initializing,
                },
                HostReady = it.HostReady,
                Placement = it.Placement,
            },
        };
        response.EnabledFeatures.AddRange(it.Features);
        response.ActorRuntime.ActiveActors.AddRange(it.ActiveActors.Select(a => new ActiveActorsCount { Type = a.Type, Count = a.Count }));
        foreach (var component in it.Components)
        {
            var one = new RegisteredComponents { Name = component.Name, Type = component.Type, Version = component.Version };
            one.Capabilities.AddRange(SidecarMetadata.Capabilities(component));
            response.RegisteredComponents.Add(one);
        }

        if (it.ConnectedWorkers > 0) response.Workflows = new() { ConnectedWorkers = it.ConnectedWorkers };
        foreach (var (key, value) in it.Extended) response.ExtendedMetadata[key] = value;
        response.Subscriptions.AddRange(it.Subscriptions.Select(Told));
        if (it.App.Port > 0)
            response.AppConnectionProperties = new() { Port = it.App.Port, Protocol = "http", ChannelAddress = "127.0.0.1" };
        return Task.FromResult(response);
    }

    public Task<Empty> SetMetadata(SetMetadataRequest request)
    {
        api.Metadata.Set(request.Key, request.Value);
        return Task.FromResult(new Empty());
    }

    private static PubsubSubscription Told(PubSub.Subscription it)
    {
        var told = new PubsubSubscription
        {
            PubsubName = it.PubSub, Topic = it.Topic, DeadLetterTopic = it.DeadLetterTopic ?? "", Rules = new(),
        };
        foreach (var (name, value) in it.Metadata) told.Metadata[name] = value;
        told.Rules.Rules.AddRange(it.Rules.Select(r => new PubsubSubscriptionRule { Match = r.When.Text, Path = r.Path }));
        if (it.DefaultRoute is { } route) told.Rules.Rules.Add(new PubsubSubscriptionRule { Path = route });
        told.Type = it.Kind switch
        {
            "DECLARATIVE" => PubsubSubscriptionType.Declarative,
            "STREAMING" => PubsubSubscriptionType.Streaming,
            _ => PubsubSubscriptionType.Programmatic,
        };
        return told;
    }
}
