using LocalDapr.Actors;

namespace LocalDapr.Tests.Actors;

public sealed class TurnQueueTests
{
    private readonly TurnQueue turns = new();
    private readonly List<string> story = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Turns_come_in_the_order_of_arrival()
    {
        await turns.EnterAsync(null, 32, Cancel);
        var waiting = new[] { "first", "second", "third" }.Select(TakeTurn).ToArray();
        Assert.Empty(story);
        turns.Leave();
        await Task.WhenAll(waiting);
        Assert.Equal(["first", "second", "third"], story);
    }

    [Fact]
    public async Task The_chain_of_the_running_turn_enters_at_once()
    {
        await turns.EnterAsync("chain", 32, Cancel);
        var stranger = turns.EnterAsync("other", 32, Cancel).AsTask();
        Assert.True(turns.EnterAsync("chain", 32, Cancel).AsTask().IsCompletedSuccessfully);
        turns.Leave();
        Assert.False(stranger.IsCompleted);
        turns.Leave();
        Assert.True(await stranger);
    }

    [Fact]
    public async Task A_waiting_chain_is_let_in_as_a_whole()
    {
        await turns.EnterAsync("a", 32, Cancel);
        var b1 = turns.EnterAsync("b", 32, Cancel).AsTask();
        var c = turns.EnterAsync("c", 32, Cancel).AsTask();
        var b2 = turns.EnterAsync("b", 32, Cancel).AsTask();
        turns.Leave();
        Assert.True(await b1 && await b2);
        Assert.False(c.IsCompleted);
        turns.Leave();
        turns.Leave();
        Assert.True(await c);
    }

    [Fact]
    public async Task A_chain_may_not_be_deeper_than_allowed()
    {
        await turns.EnterAsync("chain", 2, Cancel);
        await turns.EnterAsync("chain", 2, Cancel);
        await Assert.ThrowsAsync<StackTooDeepException>(() => turns.EnterAsync("chain", 2, Cancel).AsTask());
    }

    [Fact]
    public async Task Who_gives_up_waiting_does_not_hold_up_the_next_one()
    {
        await turns.EnterAsync(null, 32, Cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var impatient = turns.EnterAsync(null, 32, patience.Token).AsTask();
        var patient = turns.EnterAsync(null, 32, Cancel).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        turns.Leave();
        Assert.True(await patient);
    }

    [Fact]
    public async Task Closing_refuses_the_waiting_and_completes_with_the_running_turn()
    {
        await turns.EnterAsync(null, 32, Cancel);
        var waiting = turns.EnterAsync(null, 32, Cancel).AsTask();
        var closed = turns.CloseAsync();
        Assert.False(await waiting);
        Assert.False(await turns.EnterAsync(null, 32, Cancel));
        Assert.False(closed.IsCompleted);
        turns.Leave();
        await closed;
    }

    [Fact]
    public async Task Only_an_idle_queue_closes_for_idleness()
    {
        await turns.EnterAsync(null, 32, Cancel);
        Assert.False(turns.TryCloseIdle());
        turns.Leave();
        Assert.True(turns.TryCloseIdle());
        Assert.False(await turns.EnterAsync(null, 32, Cancel));
    }

    private async Task TakeTurn(string name)
    {
        Assert.True(await turns.EnterAsync(null, 32, Cancel));
        story.Add(name);
        turns.Leave();
    }
}
