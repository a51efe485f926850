using System.Runtime.InteropServices;

namespace Orchestrator.ServiceDefaults.Hosting;

/// <summary>
/// What nobody uses any more goes back to the system: the garbage of the start, once that is over, and every minute what the compiler has
/// left in the heaps of the C library. Neither would go by itself in a process that does little.
/// </summary>
/// <param name="giveBack">What the C library keeps for later goes back.</param>
internal sealed partial class UnusedMemory(TimeProvider clock, Action giveBack) : ILoop
{
    /// <summary>By then the first calls have been made and compiled.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public UnusedMemory(TimeProvider clock) : this(clock, Trim)
    {
    }

    public async Task Run(CancellationToken stopping)
    {
        await Task.Delay(Start, clock, stopping);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        while (true)
        {
            giveBack();
            await Task.Delay(Pause, clock, stopping);
        }
    }

    private static void Trim()
    {
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than GNU's, and with other habits.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
