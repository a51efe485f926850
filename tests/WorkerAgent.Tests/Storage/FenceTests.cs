using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Storage;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Storage;

public sealed class FenceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_same_or_a_higher_epoch_passes_and_a_lower_one_does_not()
    {
        using var data = new DataFolder(folder.Path);
        var fence = new Fence(data, TimeProvider.System, NullLogger<Fence>.Instance);
        var passed = new List<bool>();
        foreach (var epoch in new long[] { 3, 3, 5, 4, 5 })
            passed.Add(await fence.Pass("web", epoch, TestContext.Current.CancellationToken));
        Assert.Equal([true, true, true, false, true], passed);
        Assert.Equal(5, fence.Known("web"));
    }

    [Fact]
    public async Task Services_are_fenced_apart()
    {
        using var data = new DataFolder(folder.Path);
        var fence = new Fence(data, TimeProvider.System, NullLogger<Fence>.Instance);
        Assert.True(await fence.Pass("web", 9, TestContext.Current.CancellationToken));
        Assert.True(await fence.Pass("db", 1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_epoch_survives_a_restart()
    {
        using (var data = new DataFolder(folder.Path))
            Assert.True(await new Fence(data, TimeProvider.System, NullLogger<Fence>.Instance).Pass("web", 7, TestContext.Current.CancellationToken));

        using var again = new DataFolder(folder.Path);
        var after = new Fence(again, TimeProvider.System, NullLogger<Fence>.Instance);
        Assert.Equal(7, after.Known("web"));
        Assert.False(await after.Pass("web", 6, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task It_is_on_disk_before_the_order_passes()
    {
        using var data = new DataFolder(folder.Path);
        var fence = new Fence(data, TimeProvider.System, NullLogger<Fence>.Instance);
        await Parallel.ForAsync(0, 50, async (at, cancel) =>
        {
            Assert.True(await fence.Pass($"s{at}", at + 1, cancel));
            var written = await File.ReadAllTextAsync(data.In("epochs.json"), cancel);
            Assert.Contains($"\"s{at}\":{{\"Epoch\":{at + 1},", written, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_half_written_file_does_not_count()
    {
        using (var data = new DataFolder(folder.Path))
        {
            Assert.True(await new Fence(data, TimeProvider.System, NullLogger<Fence>.Instance).Pass("web", 7, TestContext.Current.CancellationToken));
            await File.WriteAllTextAsync(data.In("epochs.json.next"), "{\"web\":{\"Ep", TestContext.Current.CancellationToken);
        }

        using var again = new DataFolder(folder.Path);
        var after = new Fence(again, TimeProvider.System, NullLogger<Fence>.Instance);
        Assert.Equal(7, after.Known("web"));
    }

    [Fact]
    public async Task Nothing_is_done_for_an_epoch_that_was_overtaken_after_it_had_passed()
    {
        using var data = new DataFolder(folder.Path);
        var fence = new Fence(data, TimeProvider.System, NullLogger<Fence>.Instance);
        Assert.True(await fence.Pass("web", 1, TestContext.Current.CancellationToken));
        Assert.True(await fence.Pass("web", 2, TestContext.Current.CancellationToken));
        Assert.Null(fence.WhileCurrent("web", 1, () => "done"));
        Assert.Equal("done", fence.WhileCurrent("web", 2, () => "done"));
    }

    [Fact]
    public void Two_agents_of_one_name_do_not_share_a_folder()
    {
        using var first = new DataFolder(folder.Path);
        Assert.Contains("another agent", Assert.Throws<IOException>(() => new DataFolder(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("no JSON", "'no JSON' is an invalid JSON literal")]
    [InlineData("null", "it holds no epochs")]
    [InlineData("""{"web":null}""", "it holds no epochs")]
    public async Task Epochs_that_cannot_be_read_are_put_aside_and_the_worker_goes_on(string content, string why)
    {
        var disk = new MemoryStorage();
        disk.Write("epochs.json", Encoding.UTF8.GetBytes(content));
        var log = new Logbook<Fence>();
        var fence = new Fence(disk, TimeProvider.System, log);
        Assert.Equal(0, fence.Known("web"));
        Assert.StartsWith($"Error: memory/epochs.json cannot be read ({why}", log.Lines.Single(), StringComparison.Ordinal);
        Assert.Equal(content, Encoding.UTF8.GetString(disk.Read("epochs.json.unreadable")!));
        Assert.True(await fence.Pass("web", 7, TestContext.Current.CancellationToken));
        Assert.Equal(7, new Fence(disk, TimeProvider.System, log).Known("web"));
    }

    [Fact]
    public async Task A_folder_that_was_deleted_under_the_worker_is_made_again()
    {
        using var data = new DataFolder(folder.Path);
        var fence = new Fence(data, TimeProvider.System, NullLogger<Fence>.Instance);
        Directory.Delete(folder.Path, recursive: true);
        Assert.True(await fence.Pass("web", 7, TestContext.Current.CancellationToken));
        Assert.Equal(7, new Fence(data, TimeProvider.System, NullLogger<Fence>.Instance).Known("web"));
    }
}
