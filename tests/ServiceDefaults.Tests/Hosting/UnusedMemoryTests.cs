using Microsoft.Extensions.Time.Testing;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ServiceDefaults.Tests.Hosting;

public sealed class UnusedMemoryTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task Garbage_of_the_start_is_given_back_once_it_is_over_and_what_the_library_keeps_every_minute()
    {
        using var stopping = new CancellationTokenSource();
        var (given, before) = (0, GC.CollectionCount(GC.MaxGeneration));
        var giving = new UnusedMemory(clock, () => given++).Run(stopping.Token);
        Assert.Equal(0, given);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(GC.CollectionCount(GC.MaxGeneration) > before);
        Assert.Equal(1, given);
        for (var minute = 2; minute < 5; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(minute, given);
        }

        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => giving);
    }

    [Fact]
    public async Task A_process_that_ends_before_does_not_wait_for_it()
    {
        using var stopping = new CancellationTokenSource();
        var giving = new UnusedMemory(clock).Run(stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => giving);
    }

    [Fact]
    public async Task The_c_library_of_this_machine_is_asked_and_does_no_harm()
    {
        using var stopping = new CancellationTokenSource();
        var giving = new UnusedMemory(clock).Run(stopping.Token);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(giving.IsCompleted);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => giving);
    }
}
