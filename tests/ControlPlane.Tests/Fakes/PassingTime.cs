using Microsoft.Extensions.Time.Testing;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Fakes;

internal static class PassingTime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    /// <summary>Moves the clock on in steps until what was begun has ended, well or not; tells how long that took by this clock.</summary>
    public static async Task<TimeSpan> PassUntil(this FakeTimeProvider clock, Task begun, TimeSpan? step = null)
    {
        var start = clock.GetUtcNow();
        await Eventually.Become(
            () =>
            {
                if (!begun.IsCompleted) clock.Advance(step ?? TimeSpan.FromMilliseconds(50));
                return begun.Status;
            },
            _ => begun.IsCompleted, Soon, "it ends", TestContext.Current.CancellationToken);
        return clock.GetUtcNow() - start;
    }

    /// <summary>The same, until something can be seen.</summary>
    public static Task<T> PassUntil<T>(this FakeTimeProvider clock, TimeSpan step, Func<T> look, Func<T, bool> condition, string what) =>
        Eventually.Become(
            () =>
            {
                clock.Advance(step);
                return look();
            },
            condition, Soon, what, TestContext.Current.CancellationToken);

    /// <summary>Waits, with the clock at rest, until something can be seen.</summary>
    public static Task<T> Until<T>(Func<T> look, Func<T, bool> condition, string what) =>
        Eventually.Become(look, condition, Soon, what, TestContext.Current.CancellationToken);
}
