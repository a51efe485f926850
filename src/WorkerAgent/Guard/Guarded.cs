using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Guard;

/// <summary>
/// The agent's side of the guard: keeps on disk which containers must not outlive the lease, and until when they may run. A container is
/// in it before it starts; the deadline moves with every renewal.
/// </summary>
internal sealed class Guarded
{
    private readonly Lock gate = new();
    private readonly IStorage storage;
    private readonly IMachineTime machine;
    private readonly HashSet<string> lapsed = [];
    private GuardList list;
    private TimeSpan deadline;
    private bool written;

    public Guarded(IStorage storage, IMachineTime machine)
    {
        (this.storage, this.machine) = (storage, machine);
        var before = GuardList.Read(storage);
        var isOurs = before.Boot == machine.BootId;
        list = new(machine.BootId, ProcessMark.Own, isOurs ? before.Containers : []);
        if (list.Containers.Count > 0 && GuardList.ReadDeadline(storage) is { } until)
        {
            (deadline, Inherited) = (until, until - machine.Uptime);
            if (Inherited <= TimeSpan.Zero) lapsed = [.. list.Containers.Keys];
        }

        // So that the guard knows whose it is.
        Become(list.Containers);
    }

    /// <summary>
    /// How long an earlier agent's containers may run on without a renewal, at the start of this one; none when it left none.
    /// </summary>
    public TimeSpan? Inherited { get; }

    /// <summary>Whether there is time left.</summary>
    public bool Holds
    {
        get
        {
            lock (gate) return machine.Uptime < deadline;
        }
    }

    /// <summary>
    /// Whether the container's lease ran out while no agent was there: its successor may run, even though the worker has a lease again.
    /// </summary>
    public bool HasLapsed(string container)
    {
        lock (gate) return lapsed.Contains(container);
    }

    /// <summary>The lease holds for so much longer.</summary>
    public void Renew(TimeSpan left)
    {
        lock (gate)
        {
            deadline = machine.Uptime + left;
            if (list.Containers.Count > 0) WriteDeadline();
        }
    }

    /// <summary>From now on the container is ended by the guard when the lease is not renewed; on disk when it returns.</summary>
    /// <exception cref="IOException">It cannot be written, so the container must not start.</exception>
    public void Watch(string container, string instance)
    {
        lock (gate)
        {
            if (list.Containers.ContainsKey(container) && written) return;
            var next = list with { Containers = new(list.Containers) { [container] = instance } };
            // First the deadline: a list with the old one would end the container at once.
            GuardList.WriteDeadline(storage, deadline);
            next.Write(storage);
            (list, written) = (next, true);
        }
    }

    /// <summary>Of the containers in the list only these are there.</summary>
    /// <param name="present">Asked while nothing is added.</param>
    public void KeepOnly(Func<IEnumerable<string>> present)
    {
        lock (gate)
        {
            var kept = present().ToHashSet();
            if (written && list.Containers.Keys.All(kept.Contains)) return;
            Become(list.Containers.Where(c => kept.Contains(c.Key)));
        }
    }

    /// <summary>The container has ended.</summary>
    public void Release(string container)
    {
        lock (gate)
        {
            if (list.Containers.ContainsKey(container)) Become(list.Containers.Where(c => c.Key != container));
        }
    }

    private void Become(IEnumerable<KeyValuePair<string, string>> containers)
    {
        list = list with { Containers = new(containers) };
        try
        {
            list.Write(storage);
            written = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An entry too many does no harm: its container has ended. It goes with the next change.
            written = false;
        }
    }

    private void WriteDeadline()
    {
        try
        {
            GuardList.WriteDeadline(storage, deadline);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The guard goes by the last one: it may end too early what the agent cannot vouch for, and never too late.
        }
    }
}
