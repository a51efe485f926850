using System.Collections.Concurrent;
using LocalDapr.Faults;

namespace LocalDapr.State;

/// <summary>The stores of the host, by component name. Apps that name the same component share it.</summary>
internal sealed class StateStores(Database database, TimeProvider clock, FaultHooks? faults)
{
    private readonly ConcurrentDictionary<string, StateStore> stores = [];

    public StateStore this[string name] => stores.GetOrAdd(name, n => new(n, database, clock, faults));
}
