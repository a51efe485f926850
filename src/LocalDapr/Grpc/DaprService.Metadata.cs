using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf.WellKnownTypes;
using LocalDapr.Metadata;

namespace LocalDapr.Grpc;

internal sealed partial class DaprService
{
    public Task<GetMetadataResponse> GetMetadata()
    {
        var options = sidecar.Options;
        var response = new GetMetadataResponse
        {
            Id = sidecar.AppId,
            RuntimeVersion = MetadataApi.RuntimeVersion,
            ActorRuntime = new ActorRuntime
            {
                RuntimeStatus = sidecar.State.ActorStore is null ? ActorRuntime.Types.ActorRuntimeStatus.Disabled
                    : sidecar.WasReady ? ActorRuntime.Types.ActorRuntimeStatus.Running : ActorRuntime.Types.ActorRuntimeStatus.Initializing,
                HostReady = sidecar.HostedTypes.Count > 0,
                Placement = sidecar.CutOffView is null ? "placement: connected" : "placement: disconnected",
            },
        };
        response.EnabledFeatures.AddRange(sidecar.Resources.Features);
        response.ActorRuntime.ActiveActors.AddRange(
            sidecar.Metadata.ActiveActors.Select(a => new ActiveActorsCount { Type = a.Type, Count = a.Count }));
        foreach (var component in sidecar.Resources.Components.Values)
        {
            var one = new RegisteredComponents { Name = component.Name, Type = component.Type, Version = component.Version };
            one.Capabilities.AddRange(MetadataApi.Capabilities(component));
            response.RegisteredComponents.Add(one);
        }

        foreach (var (key, value) in sidecar.Metadata.Extended) response.ExtendedMetadata[key] = value;
        response.Subscriptions.AddRange(sidecar.Subscriptions.Current.Select(Told));
        if (options.AppPort > 0) response.AppConnectionProperties = new() { Port = options.AppPort, Protocol = "http", ChannelAddress = "127.0.0.1" };
        return Task.FromResult(response);
    }

    public Task<Empty> SetMetadata(SetMetadataRequest request)
    {
        sidecar.Metadata.Set(request.Key, request.Value);
        return Task.FromResult(new Empty());
    }

    private static PubsubSubscription Told(PubSub.Subscription it)
    {
        var told = new PubsubSubscription { PubsubName = it.PubSub, Topic = it.Topic, DeadLetterTopic = it.DeadLetterTopic ?? "", Rules = new() };
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
