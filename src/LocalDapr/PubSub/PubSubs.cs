using System.Collections.Concurrent;
using System.Globalization;
using LocalDapr.Api;
using LocalDapr.Components;

namespace LocalDapr.PubSub;

/// <summary>All brokers of the host, by component name.</summary>
internal sealed class PubSubs(TimeProvider clock, FaultHooks? faults, ILoggerFactory logs) : IDisposable
{
    /// <summary>What the Redis component does by itself.</summary>
    private const int DefaultConcurrency = 10;
    private readonly ConcurrentDictionary<string, Broker> brokers = [];

    /// <exception cref="ApiException">There is no such component for this app, or the topic is empty.</exception>
    public void Publish(Sidecar publisher, Publication it)
    {
        var component = Component(publisher, it.PubSub);
        if (it.Topic.Length == 0) throw new ApiException(404, "ERR_TOPIC_NAME_EMPTY", $"topic is empty in pubsub {it.PubSub}");
        var now = clock.GetUtcNow();
        byte[] data = it.Raw ? it.Data : CloudEvents.Wrap(it, publisher.AppId, now);
        if (faults is not null && faults.NextMessageIsLost(it.PubSub, it.Topic)) return;
        Broker(component).Publish(new(it.PubSub, it.Topic, data) { Metadata = it.Metadata, Expires = now + it.Ttl });
    }

    public void PublishAgain(Sidecar from, Message message)
    {
        if (from.Resources.Find(ComponentKind.PubSub, message.PubSub) is { } component) Broker(component).Publish(message);
    }

    public IDisposable Subscribe(Sidecar sidecar, Subscription subscription, IConsumer consumer)
    {
        var component = Component(sidecar, subscription.PubSub);
        string group = component.Metadata.GetValueOrDefault("consumerID", sidecar.AppId);
        return Broker(component).Subscribe(subscription.Topic, group, consumer);
    }

    public void Dispose()
    {
        foreach (var broker in brokers.Values) broker.Dispose();
    }

    private static Component Component(Sidecar sidecar, string name)
    {
        if (sidecar.Resources.Find(ComponentKind.PubSub, name) is { } component) return component;
        throw sidecar.Resources.HasAny(ComponentKind.PubSub)
            ? new ApiException(404, "ERR_PUBSUB_NOT_FOUND", $"pubsub {name} is not found")
            : new ApiException(400, "ERR_PUBSUB_NOT_CONFIGURED", "pubsub is not configured");
    }

    private Broker Broker(Component component) => brokers.GetOrAdd(component.Name, name => new(name, group => new(
        group, Concurrency(component), clock, logs.CreateLogger("LocalDapr.PubSub"))));

    private static int Concurrency(Component component) =>
        int.TryParse(component.Metadata.GetValueOrDefault("concurrency"), NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            && limit > 0 ? limit : DefaultConcurrency;
}

/// <summary>Where messages end that nobody handled.</summary>
internal sealed class DeadLetters(Sidecar sidecar, PubSubs pubSubs)
{
    public void Send(Subscription subscription, Message message)
    {
        if (subscription.DeadLetterTopic is { } topic) pubSubs.PublishAgain(sidecar, message with { Topic = topic, Expires = null, IsDeadLetter = true });
    }
}
