using System.Collections.Concurrent;

namespace LocalDapr.PubSub;

/// <summary>The topics of one pub/sub component: every consumer group (app id) gets each message once.</summary>
internal sealed class Broker(string name, Func<string, ConsumerGroup> newGroup) : IDisposable
{
    private readonly ConcurrentDictionary<(string Topic, string Group), ConsumerGroup> groups = [];

    public void Publish(Message message)
    {
        foreach (var ((topic, _), group) in groups)
        {
            if (topic == message.Topic) group.Add(message);
        }
    }

    /// <summary>The group lives on when its last consumer leaves: what is published meanwhile waits for the next one.</summary>
    public IDisposable Subscribe(string topic, string group, IConsumer consumer) =>
        groups.GetOrAdd((topic, group), _ => newGroup($"{name}/{topic} for {group}")).Join(consumer);

    public void Dispose()
    {
        foreach (var group in groups.Values) group.Dispose();
    }
}
