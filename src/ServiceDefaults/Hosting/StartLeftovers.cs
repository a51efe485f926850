using System.Runtime.InteropServices;

namespace Orchestrator.ServiceDefaults.Hosting;

/// <summary>
/// What only the start needed goes back to the system once it is over: garbage, and what the compiler leaves in the heaps of the C library.
/// Neither would go by itself in a process that does little afterwards.
/// </summary>
internal sealed partial class StartLeftovers(TimeProvider clock) : ILoop
{
    /// <summary>By then the first calls have been made and compiled.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(5);

    public async Task Run(CancellationToken stopping)
    {
        await Task.Delay(Start, clock, stopping);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
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
