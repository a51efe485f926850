using LocalDapr.State;
using Orchestrator.LocalDapr_Tests.Launch;

namespace LocalDapr.Tests.State;

/// <summary>The file is broken, full or gone: it is said with its path and what can be done.</summary>
public sealed class BrokenFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Data => folder.Path("data");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task One_that_is_no_database_ends_the_start_with_a_remedy()
    {
        folder.Write("dapr.yaml", "version: 1\napps:\n  - appID: idle\n    appDirPath: .\n    command: [sleep, '600']\n");
        var file = folder.Write("data/dapr/localdapr.db", new string('x', 8192));
        var (exitCode, said) = await RunningProgram.RunAsync(Repository.LocalDapr, "run", "-f", folder.FullPath, "--folder", Data);
        Assert.Equal(2, exitCode);
        Assert.Contains($"the state store {file} cannot be used: ", said, StringComparison.Ordinal);
        Assert.Contains($"Put it aside (mv {file} {file}.broken)", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_ends_the_start_with_a_sentence()
    {
        folder.Write("dapr.yaml", "version: 1\napps:\n  - appID: idle\n    appDirPath: .\n    command: [sleep, '600']\n");
        var inAFile = Path.Combine(folder.Write("plain", ""), "data");
        var (exitCode, said) = await RunningProgram.RunAsync(Repository.LocalDapr, "run", "-f", folder.FullPath, "--folder", inAFile);
        Assert.Equal(2, exitCode);
        Assert.Contains($"the folder {inAFile} cannot be used: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_it_was_deleted_nothing_more_is_written_and_what_was_there_can_be_read()
    {
        await using var database = Database.Open(Data, survivePowerCut: false);
        var store = new StateStore("statestore", database, TimeProvider.System, faults: null);
        await Save(store, "kept", 10);
        Directory.Delete(Data, recursive: true);

        var refused = await Assert.ThrowsAsync<StateSaveException>(() => Save(store, "late", 10));
        Assert.StartsWith($"the state store {Path.Combine(Data, "localdapr.db")} was deleted while it is in use: ", refused.Message,
            StringComparison.Ordinal);
        Assert.True(refused.IsCertain);
        Assert.Equal(10, store.Get("kept")!.Value.Length);
        Assert.Null(store.Get("late"));
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task When_it_is_full_a_save_is_refused_for_certain_and_leaves_nothing()
    {
        await using var database = Database.Open(Data, survivePowerCut: false);
        var store = new StateStore("statestore", database, TimeProvider.System, faults: null);
        await database.WriteAsync(db => db.First("PRAGMA max_page_count = 40", row => row.GetInt64(0)));
        var refused = await Assert.ThrowsAsync<StateSaveException>(async () =>
        {
            for (var number = 0; number < 100; number++) await Save(store, $"{number}", 10_000);
        });
        Assert.True(refused.IsCertain, refused.Message);
        Assert.Null(store.Get("99"));
        await Save(store, "small", 1);
        Assert.NotNull(store.Get("small"));
    }

    private static async Task Save(StateStore store, string key, int length) =>
        Assert.Equal(StateOutcome.Done, await store.ApplyAsync([new StateChange(key, new byte[length])]));
}
