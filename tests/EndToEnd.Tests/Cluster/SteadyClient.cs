using System.Collections.Concurrent;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>Asks without pause and remembers every answer and every failure.</summary>
internal sealed class SteadyClient : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task asking;

    public SteadyClient(Func<Task<string>> ask) => asking = Ask(ask);

    public ConcurrentDictionary<string, int> Answers { get; } = new();

    public ConcurrentQueue<string> Failures { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await asking;
        stop.Dispose();
    }

    private async Task Ask(Func<Task<string>> ask)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Answers.AddOrUpdate((await ask()).Trim(), 1, (_, count) => count + 1);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                Failures.Enqueue(e.Message);
            }

            await Task.Yield();
        }
    }
}
