using System.Text;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Storage;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Reports;

public sealed class SequenceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Numbers_grow_within_a_millisecond_and_with_the_clock()
    {
        using var data = new DataFolder(folder.Path);
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        var sequence = new Sequence(data, clock);
        var (first, second) = (sequence.Next(), sequence.Next());
        clock.Advance(TimeSpan.FromMinutes(5));
        var third = sequence.Next();
        Assert.Equal(1, second - first);
        Assert.True(third - second > 1_000_000);
    }

    [Fact]
    public void Numbers_grow_over_a_restart_on_a_machine_whose_clock_was_set_back()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        long last = 0;
        using (var data = new DataFolder(folder.Path))
        {
            var before = new Sequence(data, clock);
            for (var i = 0; i < 1000; i++)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                last = before.Next();
            }
        }

        using var again = new DataFolder(folder.Path);
        var after = new Sequence(again, new FakeTimeProvider(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.True(after.Next() > last);
    }

    [Fact]
    public void A_full_disk_costs_no_number()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        var sequence = new Sequence(new MemoryStorage { Full = "no space left on device" }, clock);
        var first = sequence.Next();
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(sequence.Next() > first);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("9223372036854775807")]
    [InlineData("-5")]
    public void What_no_clock_can_have_written_counts_for_nothing(string content)
    {
        var disk = new MemoryStorage();
        disk.Write("sequence", Encoding.ASCII.GetBytes(content));
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal(clock.GetUtcNow().ToUnixTimeMilliseconds() << 20, new Sequence(disk, clock).Next());
    }
}
