using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Services;

public sealed class DirectoryKeeperExamples
{
    private readonly MemoryStore<DirectoryRecord> store = new();
    private readonly DirectoryKeeper keeper;

    public DirectoryKeeperExamples() => keeper = new DirectoryKeeper(store.Open());

    [Fact]
    public async Task Names_come_in_order_and_survive_the_keeper()
    {
        foreach (var name in new[] { "web", "api", "db" }) await keeper.Add(name);
        await keeper.Remove("db");
        Assert.Equal(["api", "web"], await keeper.Names());
        Assert.Equal(["api", "web"], await new DirectoryKeeper(store.Open()).Names());
    }

    [Fact]
    public async Task What_changes_nothing_costs_no_write()
    {
        await keeper.Add("web");
        await keeper.Add("web");
        await keeper.Remove("api");
        Assert.Equal(1, store.Saves);
    }

    [Fact]
    public async Task After_a_conflict_the_names_are_read_again()
    {
        await keeper.Add("web");
        await new DirectoryKeeper(store.Open()).Add("api");
        await Assert.ThrowsAsync<RecordConflictException>(() => keeper.Add("db"));
        await keeper.Add("db");
        Assert.Equal(["api", "db", "web"], await keeper.Names());
    }

    [Fact]
    public async Task A_name_whose_save_failed_is_not_listed()
    {
        store.Next = SaveTrouble.Fails;
        await Assert.ThrowsAsync<TimeoutException>(() => keeper.Add("web"));
        Assert.Empty(await keeper.Names());
    }

    [Fact]
    public async Task A_name_whose_answer_was_lost_is_listed()
    {
        store.Next = SaveTrouble.LosesItsAnswer;
        await Assert.ThrowsAsync<TimeoutException>(() => keeper.Add("web"));
        await keeper.Add("web");
        Assert.Equal((1, "web"), (store.Saves, string.Join(", ", await keeper.Names())));
    }
}
