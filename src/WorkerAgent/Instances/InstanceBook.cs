using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>All instances of this worker, in memory. Every change goes through here; whoever reports or registers is told.</summary>
internal sealed class InstanceBook
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Instance> instances = [];
    private (int Live, ResourceAmount Reserved, ValueList<HostPort> HostPorts, ValueList<string> Services)? sums;

    /// <summary>An instance is new, or what is observed of it has changed. Handlers are quick.</summary>
    public event Action<Instance>? Changed;

    /// <summary>An instance lives no longer. Handlers are quick.</summary>
    public event Action<Instance>? Ended;

    /// <summary>Nothing is left of an instance. Handlers are quick.</summary>
    public event Action<Instance>? Removed;

    public Instance? Find(string name)
    {
        lock (gate) return instances.GetValueOrDefault(name);
    }

    public ValueList<Instance> All()
    {
        lock (gate) return instances.Values.ToValueList();
    }

    public ValueList<Instance> Of(string service)
    {
        lock (gate) return instances.Values.Where(i => i.Name.Service == service).ToValueList();
    }

    /// <summary>
    /// Adds the instance unless <paramref name="refuse"/>, which sees all that are there, gives a reason against it; answers the reason.
    /// </summary>
    public T? AddUnless<T>(Instance instance, Func<IReadOnlyCollection<Instance>, T?> refuse) where T : class
    {
        lock (gate)
        {
            if (refuse(instances.Values) is { } refusal) return refusal;
            instances[instance.Name.ToString()] = instance;
            sums = null;
        }

        Changed?.Invoke(instance);
        return null;
    }

    /// <summary>Does something while no such instance is there, nor can come; false when there is one.</summary>
    public bool WhileAbsent(string instance, Action act)
    {
        lock (gate)
        {
            if (instances.ContainsKey(instance)) return false;
            act();
            return true;
        }
    }

    /// <summary>Adds an instance that was found; one that is known already stays as it is.</summary>
    public bool Add(Instance instance)
    {
        lock (gate)
        {
            if (!instances.TryAdd(instance.Name.ToString(), instance)) return false;
            sums = null;
        }

        Changed?.Invoke(instance);
        return true;
    }

    /// <summary>Changes an instance; answers it as it is then, or null when there is none.</summary>
    public Instance? Change(string name, Func<Instance, Instance> change)
    {
        Instance next;
        bool visible, ended;
        lock (gate)
        {
            if (!instances.TryGetValue(name, out var now)) return null;
            next = instances[name] = change(now);
            if (next.Live != now.Live || next.Intent != now.Intent) sums = null;
            ended = now.Live && !next.Live;
            visible = next.Observed != now.Observed || next.WordsAreSought != now.WordsAreSought || next.ProbeNews != now.ProbeNews;
        }

        if (visible) Changed?.Invoke(next);
        if (ended) Ended?.Invoke(next);
        return next;
    }

    /// <summary>
    /// Changes an instance unless <paramref name="refuse"/>, which sees all the others, gives a reason against it; answers the reason.
    /// </summary>
    public T? ChangeUnless<T>(string name, Func<IReadOnlyCollection<Instance>, T?> refuse, Func<Instance, Instance> change) where T : class
    {
        T? refusal = null;
        Change(name, now =>
        {
            refusal = refuse([.. instances.Values.Where(i => i != now)]);
            return refusal is null ? change(now) : now;
        });
        return refusal;
    }

    public void Remove(string name)
    {
        Instance? removed;
        lock (gate)
        {
            instances.Remove(name, out removed);
            sums = null;
        }

        if (removed is not null) Removed?.Invoke(removed);
    }

    /// <summary>Live instances and the sum of their reservations.</summary>
    public (int Live, ResourceAmount Reserved, ValueList<HostPort> HostPorts, ValueList<string> Services) Sums()
    {
        lock (gate)
        {
            if (sums is { } known) return known;
            var live = instances.Values.Where(i => i.Live).ToArray();
            sums = (
                live.Count(i => i.Intent != Intent.Prepare),
                live.Aggregate(new ResourceAmount(), (sum, i) => sum + i.TakesBeside(live)),
                live.SelectMany(i => i.Footprint.HostPorts).Distinct().OrderBy(p => p.Port).ThenBy(p => p.Protocol)
                    .ThenBy(p => p.Address, StringComparer.Ordinal).ToValueList(),
                instances.Values.Select(i => i.Name.Service).Distinct().Order(StringComparer.Ordinal).ToValueList());
            return sums.Value;
        }
    }
}
