using Conformance.Promises;
using Conformance.World;
using Dapr.Client;

namespace Conformance.Locks;

/// <summary>Locks by name, with an owner and an end.</summary>
public sealed class LockTests(DaprWorld world)
{
    private readonly string _name = Unique.Name("lock");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Holds("4.1", "A lock has one owner at a time, over all replicas of the app id")]
    public async Task A_lock_has_one_owner()
    {
        var first = await world.A1.Dapr.Lock("lockstore", _name, "me", 30, Cancel);
        var second = await world.A2.Dapr.Lock("lockstore", _name, "you", 30, Cancel);
        Assert.Equal((true, false), (first.Success, second.Success));
    }

    [Fact, Holds("4.1", "Only the owner can unlock; then the next one gets it")]
    public async Task Only_the_owner_unlocks()
    {
        await world.A1.Dapr.Lock("lockstore", _name, "me", 30, Cancel);
        Assert.Equal(LockStatus.LockBelongsToOthers, (await world.A1.Dapr.Unlock("lockstore", _name, "you", Cancel)).status);
        Assert.Equal(LockStatus.Success, (await world.A1.Dapr.Unlock("lockstore", _name, "me", Cancel)).status);
        Assert.True((await world.A2.Dapr.Lock("lockstore", _name, "you", 30, Cancel)).Success);
    }

    [Fact, Holds("4.1", "Unlocking what is not locked is LockDoesNotExist")]
    public async Task Unlocking_nothing_is_told() =>
        Assert.Equal(LockStatus.LockDoesNotExist, (await world.A1.Dapr.Unlock("lockstore", _name, "me", Cancel)).status);

    [Fact, Holds("4.1", "A lock ends by itself")]
    public async Task A_lock_ends_by_itself()
    {
        await world.A1.Dapr.Lock("lockstore", _name, "me", 1, Cancel);
        await Eventually.Become(
            async () => (await world.A2.Dapr.Lock("lockstore", _name, "you", 30, Cancel)).Success, got =>
                got, TimeSpan.FromSeconds(5), "the lock is free", Cancel);
    }
}
