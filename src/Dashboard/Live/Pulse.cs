using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchestrator.Client;
using Orchestrator.Contracts.Events;

namespace Orchestrator.Dashboard.Live;

/// <summary>Says when to look again: soon after something has happened, and after a while anyway.</summary>
/// <param name="service">Only what happens to this service counts; none takes all.</param>
internal sealed class Pulse(OrchestratorClient client, TimeProvider clock, string? service = null)
{
    private const int MostAtOnce = 2000;
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(250);

    /// <summary>Where to begin: see <see cref="Client.Events.EventsApi.Follow"/>.</summary>
    public string? After { get; init; }

    /// <summary>The longest time without a beat.</summary>
    public TimeSpan AtLeastEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What has happened since the beat before, oldest first; the first beat comes at once.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ClusterEvent>> Beats([EnumeratorCancellation] CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var told = Channel.CreateBounded<ClusterEvent>(MostAtOnce);
        var following = Follow(told.Writer, end.Token);
        try
        {
            while (true)
            {
                List<ClusterEvent> batch = [];
                while (batch.Count < MostAtOnce && told.Reader.TryRead(out var it)) batch.Add(it);
                yield return batch;
                if (!await SomethingComes(told.Reader, end.Token)) break;
                await Task.Delay(Together, clock, end.Token);
            }
        }
        finally
        {
            await end.CancelAsync();
            await following;
        }
    }

    private async Task<bool> SomethingComes(ChannelReader<ClusterEvent> told, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(AtLeastEvery, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            return await told.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return true;
        }
    }

    /// <summary>What goes wrong here is met by whoever waits for a beat.</summary>
    private async Task Follow(ChannelWriter<ClusterEvent> told, CancellationToken cancel)
    {
        try
        {
            await foreach (var it in client.Events.Follow(After, service, cancel)) await told.WriteAsync(it.Event, cancel);
            told.Complete();
        }
        catch (Exception e)
        {
            told.Complete(cancel.IsCancellationRequested ? null : e);
        }
    }
}
