using Microsoft.Extensions.Time.Testing;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ServiceDefaults.Tests.Hosting;

public sealed class StartLeftoversTests
{
    [Fact]
    public async Task Once_the_start_is_over_its_garbage_is_given_back_and_that_once()
    {
        var clock = new FakeTimeProvider();
        var before = GC.CollectionCount(GC.MaxGeneration);
        var giving = new StartLeftovers(clock).Run(CancellationToken.None);
        Assert.False(giving.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(5));
        await giving;
        Assert.True(GC.CollectionCount(GC.MaxGeneration) > before);
    }

    [Fact]
    public async Task A_process_that_ends_before_does_not_wait_for_it()
    {
        using var stopping = new CancellationTokenSource();
        var giving = new StartLeftovers(new FakeTimeProvider()).Run(stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => giving);
    }
}
