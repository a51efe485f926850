using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.ServiceDefaults.Concurrency;

namespace Orchestrator.ServiceDefaults.Hosting;

/// <summary>Work that goes on as long as its process.</summary>
public interface ILoop
{
    /// <summary>
    /// Returns or throws <see cref="OperationCanceledException"/> when the process stops; what it throws before begins it again.
    /// </summary>
    Task Run(CancellationToken stopping);
}

/// <summary>
/// A loop as a hosted service. Unlike a BackgroundService it begins where it is started and not always on the thread pool, so that a
/// simulation can keep it on its own thread.
/// </summary>
public sealed class HostedLoop<T>(
    T loop, TimeProvider clock, Func<double> dice, ILogger<T> log) : IHostedService, IDisposable where T : ILoop
{
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = Run();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        End();
        await running.WaitAsync(cancellationToken).Quietly();
    }

    public void Dispose()
    {
        End();
        stopping.Dispose();
    }

    /// <summary>A host may stop its services once more after it has disposed of them, or dispose of what it never stopped.</summary>
    private void End()
    {
        if (!stopping.IsCancellationRequested) stopping.Cancel();
    }

    private async Task Run()
    {
        // The start of the others does not wait for the first step of this one.
        await Task.Yield();
        await Loop.Run(loop.Run, clock, dice, log, stopping.Token);
    }
}

public static class HostedLoopSetup
{
    public static IServiceCollection AddLoop<T>(this IServiceCollection services) where T : class, ILoop =>
        services.AddSingleton<T>().AddSingleton<IHostedService, HostedLoop<T>>();
}
