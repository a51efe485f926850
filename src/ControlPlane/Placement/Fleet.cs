using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Placement;

/// <summary>
/// All workers in the order of their names, with what one service has decided for them and their last report does not show yet.
/// </summary>
internal sealed class Fleet
{
    private readonly Dictionary<string, int> index;
    private readonly Tally[] tallies;

    public Fleet(ValueList<Worker> workers)
    {
        Workers = workers.AsSpan().ToArray();
        if (!IsOrdered(Workers)) Array.Sort(Workers, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        index = new(Workers.Length, StringComparer.Ordinal);
        for (var i = 0; i < Workers.Length; i++) index[Workers[i].Name] = i;
        tallies = new Tally[Workers.Length];
    }

    public Worker[] Workers { get; }

    public int IndexOf(string worker) => index.GetValueOrDefault(worker, -1);

    public Worker? Find(string worker) => index.TryGetValue(worker, out var at) ? Workers[at] : null;

    public ref Tally this[int worker] => ref tallies[worker];

    /// <summary>An instance of the service is, or will be, on the worker.</summary>
    /// <param name="leaving">It is to end: it takes its room still, but the spread is judged without it.</param>
    public void Holds(int worker, bool leaving, ValueList<PortMapping> ports)
    {
        ref var tally = ref tallies[worker];
        tally.Present++;
        if (!leaving) tally.Here++;
        Bind(worker, ports);
    }

    /// <summary>An instance will be on the worker in the place of another one there.</summary>
    public void HoldsInPlace(int worker, ValueList<PortMapping> ports)
    {
        tallies[worker].Here++;
        Bind(worker, ports);
    }

    /// <summary>An instance on the worker is to be replaced: the spread is judged without it.</summary>
    public void Leaves(int worker) => tallies[worker].Here--;

    public void Stays(int worker) => tallies[worker].Here++;

    /// <summary>Something of the service has, or will have, these fixed host ports of the worker.</summary>
    public void Bind(int worker, ValueList<PortMapping> ports)
    {
        ref var tally = ref tallies[worker];
        foreach (var port in ports.AsSpan())
        {
            if (port.Fixed() is { } host) (tally.Ports ??= []).Add(host);
        }
    }

    /// <summary>An instance is on its way that the worker's last figures do not show.</summary>
    public void Expect(int worker, ResourceAmount reserve)
    {
        ref var tally = ref tallies[worker];
        tally.OnTheWay++;
        tally.Cpu += reserve.Cpu;
        tally.Memory += reserve.Memory.Bytes;
    }

    /// <summary>An instance has ended that the worker's last figures still show.</summary>
    public void Release(int worker, ResourceAmount reserve, ValueList<PortMapping> ports)
    {
        ref var tally = ref tallies[worker];
        tally.Cpu -= reserve.Cpu;
        tally.Memory -= reserve.Memory.Bytes;
        foreach (var port in ports.AsSpan())
        {
            if (port.Fixed() is { } host) (tally.Freed ??= []).Add(host);
        }
    }

    /// <summary>For the question what would be if one instance were not there.</summary>
    public void Lift(int worker, ResourceAmount reserve, ValueList<PortMapping> ports)
    {
        Shift(worker, -1, reserve);
        ref var tally = ref tallies[worker];
        foreach (var port in ports.AsSpan())
        {
            if (port.Fixed() is not { } host) continue;
            tally.Ports?.Remove(host);
            (tally.Freed ??= []).Add(host);
        }
    }

    public void PutBack(int worker, ResourceAmount reserve, ValueList<PortMapping> ports)
    {
        Shift(worker, 1, reserve);
        ref var tally = ref tallies[worker];
        foreach (var port in ports.AsSpan())
        {
            if (port.Fixed() is not { } host) continue;
            (tally.Ports ??= []).Add(host);
            tally.Freed?.Remove(host);
        }
    }

    private void Shift(int worker, int instances, ResourceAmount reserve)
    {
        ref var tally = ref tallies[worker];
        tally.Here += instances;
        tally.Present += instances;
        tally.Cpu += instances * reserve.Cpu;
        tally.Memory += instances * reserve.Memory.Bytes;
    }

    private static bool IsOrdered(Worker[] workers)
    {
        for (var i = 1; i < workers.Length; i++)
        {
            if (string.CompareOrdinal(workers[i - 1].Name, workers[i].Name) > 0) return false;
        }

        return true;
    }

    /// <summary>What the service adds to one worker's report.</summary>
    internal struct Tally
    {
        /// <summary>Instances of the service that are to stay.</summary>
        public int Here;

        /// <summary>Those and the ones that have not ended yet.</summary>
        public int Present;

        public int OnTheWay;
        public double Cpu;
        public long Memory;

        /// <summary>Fixed host ports that the service's own instances hold, and those they have just given back.</summary>
        public List<HostPort>? Ports;

        public List<HostPort>? Freed;

        /// <summary>Slots that failed there again and again lately.</summary>
        public int Failing;
    }
}
