using Dapr;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Dapr;

/// <summary>Compare-and-set over a store that does not tell the etag of what was written.</summary>
public sealed class StoredRecordExamples
{
    private readonly FakeTimeProvider clock = new();
    private readonly DaprInMemory dapr = new();

    [Fact]
    public async Task There_is_no_record_before_the_first_save_and_then_the_last_one_saved()
    {
        var record = Open();
        Assert.Null(await record.Load());
        await record.Save(Names("web"));
        await record.Save(Names("web", "api"));
        Assert.Equal(Names("web", "api"), await Open().Load());
        Assert.Equal(["services"], dapr.Keys);
    }

    [Fact]
    public async Task Of_two_who_read_the_same_only_the_first_can_save()
    {
        await Open().Save(Names("web"));
        var (first, second) = (Open(), Open());
        await first.Load();
        await second.Load();
        await first.Save(Names("first"));
        var conflict = await Assert.ThrowsAsync<RecordConflictException>(() => second.Save(Names("second")));
        Assert.Equal("the record 'services' was changed by somebody else; read it again and retry", conflict.Message);

        Assert.Equal(Names("first"), await second.Load());
        await second.Save(Names("second"));
        Assert.Equal(Names("second"), await first.Load());
    }

    [Fact]
    public async Task Of_two_who_found_nothing_only_the_first_can_save()
    {
        var (first, second) = (Open(), Open());
        await first.Load();
        await second.Load();
        await first.Save(Names("first"));
        await Assert.ThrowsAsync<RecordConflictException>(() => second.Save(Names("second")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_writes_between_the_look_and_the_write_wins(bool isFirst)
    {
        if (!isFirst) await Open().Save(Names("before"));
        var (mine, other) = (Open(), Open());
        await mine.Load();
        await other.Load();
        dapr.Before = async what =>
        {
            if (what != "write") return;
            dapr.Before = _ => Task.CompletedTask;
            await other.Save(Names("other"));
        };
        await Assert.ThrowsAsync<RecordConflictException>(() => mine.Save(Names("mine")));
        Assert.Equal(Names("other"), await Open().Load());
    }

    [Fact]
    public async Task A_store_that_hangs_is_given_up_after_2_seconds_and_then_tried_once_a_second()
    {
        dapr.Before = _ => new TaskCompletionSource().Task;
        var health = new StoreHealth(clock);
        var (record, other) = (Open(health), Open(health));
        var loading = record.Load();
        Assert.Equal(2, (await clock.PassUntil(loading)).TotalSeconds, 0.2);
        Assert.True((await Assert.ThrowsAsync<StoreTroubleException>(() => loading)).IsSent);
        for (var time = 0; time < 3; time++)
        {
            Assert.False((await Assert.ThrowsAsync<StoreTroubleException>(() => other.Save(Names("web")))).IsSent);
            clock.Advance(TimeSpan.FromSeconds(1.1));
            var trying = record.Load();
            Assert.False((await Assert.ThrowsAsync<StoreTroubleException>(() => other.Load())).IsSent);
            await clock.PassUntil(trying);
            Assert.True((await Assert.ThrowsAsync<StoreTroubleException>(() => trying)).IsSent);
        }

        dapr.Before = _ => Task.CompletedTask;
        clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Null(await record.Load());
        Assert.Null(await other.Load());
    }

    [Fact]
    public async Task A_store_that_fails_is_not_taken_for_an_empty_one()
    {
        dapr.Before = _ => throw new DaprException("the store is not configured");
        await Assert.ThrowsAsync<StoreTroubleException>(() => Open().Load());
        await Assert.ThrowsAsync<StoreTroubleException>(() => Open().Save(Names("web")));
    }

    private static DirectoryRecord Names(params string[] names) => new([.. names]);

    private StoredRecord<DirectoryRecord> Open(StoreHealth? health = null) =>
        new(dapr.Client, "services", health ?? new StoreHealth(clock), clock, Unread.Metrics);
}
