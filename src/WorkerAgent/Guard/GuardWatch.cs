using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Guard;

/// <summary>What the guard does, again and again: looks at the list and ends what has outlived the lease.</summary>
internal sealed class GuardWatch(IStorage storage, IMachineTime machine, IContainerEnder ender)
{
    /// <summary>Less than what a container that is just being added has left to live.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    private HashSet<string> told = [];
    private byte[] read = [];

    /// <summary>What is guarded now, as of the last look.</summary>
    public GuardList List { get; private set; } = GuardList.Nothing;

    /// <summary>The containers that were being ended at the last look.</summary>
    public IReadOnlyCollection<string> Ending { get; private set; } = [];

    /// <summary>Looks once; answers after which time to look again.</summary>
    public async Task<TimeSpan> Look(CancellationToken cancel)
    {
        Ending = [];
        if (storage.Read(GuardList.Name) is var content && !(content ?? []).AsSpan().SequenceEqual(read))
            (read, List) = (content ?? [], GuardList.Read(storage));
        if (List.Boot != machine.BootId || List.Containers.Count == 0) return Pause;
        if (GuardList.ReadDeadline(storage) is not { } deadline) return Soon;
        var left = deadline - machine.Uptime;
        // A delay counts whole milliseconds: what is less than one would be none.
        if (left > TimeSpan.Zero) return left < Pause ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : Pause;

        Ending = [.. List.Containers.Keys];
        Tell(List.Containers.Values);
        // As long as they are in the list: a start that was under way when its agent was frozen may come to its end only now.
        await Task.WhenAll(Ending.Select(container => ender.End(container, cancel)));
        return Pause;
    }

    /// <summary>First said, then done: whoever sees the end finds the cause.</summary>
    private void Tell(IReadOnlyCollection<string> instances)
    {
        if (instances.All(told.Contains)) return;
        told = [.. instances];
        try
        {
            GuardList.WriteEnded(storage, told);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It costs the words.
        }
    }
}

/// <summary>Ends containers whatever state the engine is in.</summary>
internal interface IContainerEnder
{
    /// <summary>Kills what runs of it; returns soon, also when it could not. Throws nothing but the cancellation.</summary>
    Task End(string container, CancellationToken cancel);
}
