using LocalDapr.State;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.LocalDapr_Tests.Launch;

namespace LocalDapr.Tests.State;

public sealed class StateStoreTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Database database = Database.Open(null, survivePowerCut: false);
    private readonly StateStore store;

    public StateStoreTests() => store = new("statestore", database, clock, faults: null);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_transaction_with_one_old_etag_changes_nothing()
    {
        await Save("a", "1");
        string old = store.Get("a")!.Etag;
        await Save("a", "2");
        var outcome = await store.ApplyAsync([Upsert("b", "9"), Upsert("a", "9") with { Etag = old }]);
        Assert.Equal((StateOutcome.EtagMismatch, "2", null), (outcome, Text("a"), Text("b")));
    }

    [Fact]
    public async Task An_etag_never_comes_back_for_a_key()
    {
        await Save("a", "1");
        string first = store.Get("a")!.Etag;
        await store.ApplyAsync([new("a", null)]);
        await Save("a", "1");
        Assert.NotEqual(first, store.Get("a")!.Etag);
        var again = new StateStore("statestore", database, clock, faults: null);
        await again.ApplyAsync([Upsert("a", "2")]);
        Assert.DoesNotContain(again.Get("a")!.Etag, new[] { first });
    }

    [Fact]
    public async Task First_write_inserts_only()
    {
        Assert.Equal(StateOutcome.Done, await store.ApplyAsync([Upsert("a", "1") with { FirstWrite = true }]));
        Assert.Equal(StateOutcome.EtagMismatch, await store.ApplyAsync([Upsert("a", "2") with { FirstWrite = true }]));
    }

    [Fact]
    public async Task What_has_expired_is_as_if_it_were_not_there()
    {
        await store.ApplyAsync([Upsert("a", "1") with { Ttl = TimeSpan.FromSeconds(5) }]);
        string etag = store.Get("a")!.Etag;
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(store.Get("a"));
        Assert.Equal(StateOutcome.EtagMismatch, await store.ApplyAsync([Upsert("a", "2") with { Etag = etag }]));
        Assert.Equal(StateOutcome.Done, await store.ApplyAsync([Upsert("a", "2") with { FirstWrite = true }]));
    }

    [Fact]
    public async Task An_etag_that_is_none_is_told_apart_from_an_old_one() =>
        Assert.Equal(StateOutcome.EtagInvalid, await store.ApplyAsync([Upsert("a", "1") with { Etag = "abc" }]));

    [Fact]
    public async Task Of_many_writers_with_one_etag_one_wins()
    {
        await Save("a", "0");
        string etag = store.Get("a")!.Etag;
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => store.ApplyAsync([Upsert("a", $"{i}") with { Etag = etag }])));
        Assert.Single(outcomes, StateOutcome.Done);
    }

    [Fact]
    public async Task A_folder_belongs_to_one_host()
    {
        using var folder = new TemporaryFolder();
        await using (Database.Open(folder.FullPath, survivePowerCut: false))
        {
            Assert.Contains("in use by another", Assert.Throws<IOException>(() => Database.Open(folder.FullPath, false)).Message,
                StringComparison.Ordinal);
        }

        await using var after = Database.Open(folder.FullPath, survivePowerCut: true);
    }

    private static StateChange Upsert(string key, string value) => new(key, System.Text.Encoding.UTF8.GetBytes(value));

    private Task<StateOutcome> Save(string key, string value) => store.ApplyAsync([Upsert(key, value)]);

    private string? Text(string key) => store.Get(key) is { } item ? System.Text.Encoding.UTF8.GetString(item.Value) : null;

    [Theory]
    [InlineData("true", 2)]
    [InlineData("false", 1)]
    [InlineData("", 1)]
    public async Task Whether_a_commit_waits_for_the_disk_is_a_setting(string setting, int synchronous)
    {
        using var folder = new TemporaryFolder();
        await using var database = Database.Open(folder.FullPath, Launch.LocalDaprSidecars.SurvivesPowerCut(setting));
        Assert.Equal(synchronous, await database.WriteAsync(db => db.First<int?>("PRAGMA synchronous", r => r.GetInt32(0))));
    }

    [Fact]
    public void A_setting_that_is_neither_true_nor_false_is_refused() => Assert.Equal(
        "LOCALDAPR_SURVIVE_POWER_CUT is 'yes'; it is true or false",
        Assert.Throws<Launch.RunFileException>(() => Launch.LocalDaprSidecars.SurvivesPowerCut("yes")).Message);
}
