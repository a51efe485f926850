using LocalDapr.Components;
using LocalDapr.Faults;
using LocalDapr.Wire;

namespace LocalDapr.PubSub;

/// <summary>The pub/sub components as one app may use them; what the HTTP and the gRPC API have in common.</summary>
internal sealed class PubSubs(string appId, Resources resources, Brokers brokers, FaultHooks? faults, TimeProvider clock)
{
    /// <exception cref="ApiException">There is no such component for this app, or the topic is empty.</exception>
    public void Publish(Publication it)
    {
        var component = Component(it.PubSub);
        if (it.Topic.Length == 0) throw new ApiException(404, "ERR_TOPIC_NAME_EMPTY", $"topic is empty in pubsub {it.PubSub}");
        var now = clock.GetUtcNow();
        byte[] data = it.Raw ? it.Data : CloudEvents.Wrap(it, appId, now);
        if (faults is not null && faults.NextMessageIsLost(it.PubSub, it.Topic)) return;
        brokers.Of(component).Publish(new(it.PubSub, it.Topic, data) { Metadata = it.Metadata, Expires = now + it.Ttl });
    }

    /// <summary>Where messages end that nobody handled, if the subscription names a place.</summary>
    public void BuryDead(Message message, Subscription subscription)
    {
        if (subscription.DeadLetterTopic is not { } topic) return;
        if (resources.Find(ComponentKind.PubSub, message.PubSub) is not { } component) return;
        brokers.Of(component).Publish(message with { Topic = topic, Expires = null, IsDeadLetter = true });
    }

    /// <exception cref="ApiException">There is no such component for this app.</exception>
    public IDisposable Subscribe(Subscription subscription, IConsumer consumer)
    {
        var component = Component(subscription.PubSub);
        string group = component.Metadata.GetValueOrDefault("consumerID", appId);
        return brokers.Of(component).Subscribe(subscription.Topic, group, consumer);
    }

    private Component Component(string name)
    {
        if (resources.Find(ComponentKind.PubSub, name) is { } component) return component;
        throw resources.HasAny(ComponentKind.PubSub)
            ? new ApiException(404, "ERR_PUBSUB_NOT_FOUND", $"pubsub {name} is not found")
            : new ApiException(400, "ERR_PUBSUB_NOT_CONFIGURED", "pubsub is not configured");
    }
}
