using Dapr.Actors;
using Dapr.Actors.Runtime;

namespace FruitShop.Stock;

public interface IStockActor : IActor
{
    Task<int> Count();
    Task Take(int quantity);
}

/// <summary>The stock of one fruit. When it runs low, a reminder has it filled up again.</summary>
public sealed class StockActor(ActorHost host) : Actor(host), IStockActor, IRemindable
{
    private const int Full = 10, Low = 3;

    public async Task<int> Count() => await StateManager.GetOrAddStateAsync("count", Full);

    public async Task Take(int quantity)
    {
        var left = await Count() - quantity;
        await StateManager.SetStateAsync("count", left);
        if (left <= Low) await RegisterReminderAsync("delivery", null, TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(-1));
    }

    public Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period) =>
        StateManager.SetStateAsync("count", Full);
}
