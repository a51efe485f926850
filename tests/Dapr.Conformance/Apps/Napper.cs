using Conformance.World;
using Dapr.Actors;
using Dapr.Actors.Runtime;

namespace Conformance.Apps;

public interface INapper : IActor
{
    Task Hello();
    Task TickEvery(int milliseconds);
    Task StopTicking();
}

/// <summary>Falls idle after a second; tells the journal when it comes and goes.</summary>
public sealed class Napper(ActorHost host) : Actor(host), INapper
{
    protected override Task OnActivateAsync() => Note("activated");

    protected override Task OnDeactivateAsync() => Note("deactivated");

    public Task Hello() => Note("hello");

    public Task TickEvery(int milliseconds) =>
        RegisterTimerAsync("tick", nameof(Tick), [], TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMilliseconds(milliseconds));

    public Task StopTicking() => UnregisterTimerAsync("tick");

    public Task Tick(byte[] state) => Note("tick");

    private Task Note(string what)
    {
        Journal.Note(Id.GetId(), what);
        return Task.CompletedTask;
    }
}
