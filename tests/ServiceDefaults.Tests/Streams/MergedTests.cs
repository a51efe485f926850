using System.Globalization;
using Orchestrator.ServiceDefaults.Streams;

namespace Orchestrator.ServiceDefaults.Tests.Streams;

/// <summary>What several write at the same time is one stream.</summary>
public sealed class MergedTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_that_is_written_comes_and_then_it_ends()
    {
        List<int> all = [];
        await foreach (var value in Merged.Of<int>(2, (to, end) => Task.WhenAll(Enumerable.Range(0, 5).Select(async it =>
        {
            await Task.Yield();
            await to.WriteAsync(it, end);
        })), Cancel)) all.Add(value);
        Assert.Equal([0, 1, 2, 3, 4], all.Order());
    }

    [Fact]
    public async Task What_a_writer_throws_comes_out_after_what_was_written_before()
    {
        List<int> all = [];
        var thrown = await Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (var value in Merged.Of<int>(4, async (to, end) =>
            {
                await to.WriteAsync(7, end);
                _ = int.Parse("x", CultureInfo.InvariantCulture);
            }, Cancel)) all.Add(value);
        });
        Assert.Contains("'x'", thrown.Message, StringComparison.Ordinal);
        Assert.Equal([7], all);
    }

    [Fact]
    public async Task Who_writes_waits_for_the_reader_and_ends_with_it()
    {
        var (written, hasEnded) = (0, false);
        await foreach (var value in Merged.Of<int>(3, async (to, end) =>
        {
            try
            {
                for (; ; written++) await to.WriteAsync(written, end);
            }
            finally
            {
                hasEnded = true;
            }
        }, Cancel))
        {
            if (value == 1) break;
        }

        Assert.True(hasEnded);
        Assert.InRange(written, 2, 6);
    }
}
