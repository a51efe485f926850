using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Orchestrator.Dashboard.Hosting;

/// <summary>
/// Counts who looks. When the last one has gone, garbage is collected once: a master does little, and would keep for hours what pages left.
/// </summary>
internal sealed class Viewers(TimeProvider clock) : CircuitHandler
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    private int count;

    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref count);
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref count) == 0) _ = TidyUp();
        return Task.CompletedTask;
    }

    private async Task TidyUp()
    {
        await Task.Delay(Later, clock);
        if (Volatile.Read(ref count) == 0) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
