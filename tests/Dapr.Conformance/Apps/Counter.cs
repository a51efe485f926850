using Conformance.World;
using Dapr.Actors;
using Dapr.Actors.Runtime;

namespace Conformance.Apps;

public sealed record Amount(int By, string Label);
public sealed record Kept(string Key, string Value, int TtlSeconds);

public interface ICounter : IActor
{
    Task Hello();
    Task<int> Add(Amount amount);
    Task<int> Count();
    Task<string> Where();
    Task<string> Fail(string message);
    Task AddThenFail(Amount amount);
    Task Keep(Kept kept);
    Task<string> Read(string key);
    Task Wait(CancellationToken cancel);
}

/// <summary>An actor with a little state, as an application would write it.</summary>
public sealed class Counter(ActorHost host, HostName replica) : Actor(host), ICounter
{
    protected override Task OnActivateAsync()
    {
        Journal.Note(Id.GetId(), $"activated on {replica.Value}");
        return Task.CompletedTask;
    }

    public Task Hello() => Task.CompletedTask;

    public async Task<int> Add(Amount amount) =>
        await StateManager.AddOrUpdateStateAsync("count", amount.By, (_, count) => count + amount.By);

    public async Task<int> Count()
    {
        var count = await StateManager.TryGetStateAsync<int>("count");
        return count.HasValue ? count.Value : 0;
    }

    public Task<string> Where() => Task.FromResult(replica.Value);

    public Task<string> Fail(string message) => throw new InvalidOperationException(message);

    public async Task AddThenFail(Amount amount)
    {
        await Add(amount);
        throw new InvalidOperationException("after the change");
    }

    public Task Keep(Kept kept) => StateManager.SetStateAsync(kept.Key, kept.Value, TimeSpan.FromSeconds(kept.TtlSeconds));

    public async Task<string> Read(string key)
    {
        var value = await StateManager.TryGetStateAsync<string>(key);
        return value.HasValue ? value.Value : "(nothing)";
    }

    public async Task Wait(CancellationToken cancel)
    {
        Journal.Note(Id.GetId(), "waiting");
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, cancel);
        }
        catch (OperationCanceledException)
        {
            Journal.Note(Id.GetId(), "cancelled");
        }
    }
}
