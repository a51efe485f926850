using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchestrator.ServiceDefaults.Concurrency;

namespace Orchestrator.ServiceDefaults.Streams;

/// <summary>What several write at the same time, as one stream, in the order in which it comes. Who writes waits for the reader.</summary>
public static class Merged
{
    /// <param name="most">So many values wait here; more are not taken.</param>
    /// <param name="write">
    /// Lets others write until all has been written; what it throws comes out here. Its token ends it when nobody reads any more.
    /// </param>
    public static async IAsyncEnumerable<T> Of<T>(
        int most, Func<ChannelWriter<T>, CancellationToken, Task> write, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var waiting = Channel.CreateBounded<T>(most);
        var writing = WriteAll(write, waiting.Writer, end.Token);
        try
        {
            while (await waiting.Reader.WaitToReadAsync(cancel))
            {
                while (waiting.Reader.TryRead(out var value)) yield return value;
            }
        }
        finally
        {
            // Not asynchronously: who runs on one thread stays on it.
            end.Cancel();
            await writing.Quietly();
        }
    }

    private static async Task WriteAll<T>(
        Func<ChannelWriter<T>, CancellationToken, Task> write, ChannelWriter<T> to, CancellationToken cancel)
    {
        try
        {
            await write(to, cancel);
            to.TryComplete();
        }
        catch (Exception e)
        {
            to.TryComplete(e);
        }
    }
}
