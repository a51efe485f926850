using System.Collections.Concurrent;
using System.Globalization;
using LocalDapr.Components;

namespace LocalDapr.PubSub;

/// <summary>All brokers of the host, by component name. Apps that name the same component share it.</summary>
internal sealed class Brokers(TimeProvider clock, ILoggerFactory logs) : IDisposable
{
    /// <summary>What the Redis component does by itself.</summary>
    private const int DefaultConcurrency = 10;
    private readonly ConcurrentDictionary<string, Broker> brokers = [];

    public Broker Of(Component component) => brokers.GetOrAdd(component.Name, name => new(name, group => new(
        group, Concurrency(component), clock, logs.CreateLogger("LocalDapr.PubSub"))));

    public void Dispose()
    {
        foreach (var broker in brokers.Values) broker.Dispose();
    }

    private static int Concurrency(Component component) =>
        int.TryParse(component.Metadata.GetValueOrDefault("concurrency"), NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            && limit > 0 ? limit : DefaultConcurrency;
}
