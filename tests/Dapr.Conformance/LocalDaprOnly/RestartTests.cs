using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;
using Dapr.Actors;
using LocalDapr;
using Orchestrator.Testing;

namespace Conformance.LocalDaprOnly;

/// <summary>What is kept in a folder outlives the process.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("conformance-").FullName;
    private readonly string _id = Unique.Name("restart");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Folders.Remove(_folder);

    [Fact, Holds("3.6", "State and actor state survive a restart of everything")]
    public async Task State_survives_a_restart()
    {
        await using (var own = await OwnHost.Start(new() { Folder = _folder }))
        {
            var (a1, _) = await own.AddSdkApp("a1");
            await a1.Dapr.SaveStateAsync("statestore", _id, "kept", cancellationToken: Cancel);
            await Counter(a1).Add(new Amount(5, "x"));
        }

        await using (var own = await OwnHost.Start(new() { Folder = _folder }))
        {
            var (a1, _) = await own.AddSdkApp("a1");
            Assert.Equal("kept", await a1.Dapr.GetStateAsync<string>("statestore", _id, cancellationToken: Cancel));
            Assert.Equal(5, await Counter(a1).Count());
        }
    }

    [Fact, Holds("3.5", "Reminders survive a restart of everything; what fell due meanwhile rings then")]
    public async Task Reminders_survive_a_restart()
    {
        await using (var own = await OwnHost.Start(new() { Folder = _folder }))
        {
            var (a1, _) = await own.AddSdkApp("a1");
            await a1.Actors.CreateActorProxy<IAlarm>(new ActorId(_id), ActorTypes.Alarm).Remind(new Ring("late", Due: 300));
        }

        Assert.Empty(Journal.Of(_id));
        await using (var own = await OwnHost.Start(new() { Folder = _folder }))
        {
            await own.AddSdkApp("a1");
            await Journal.Has(_id, "reminder late");
        }
    }

    [Fact, Holds("10.12", "Timers die with the replica's sidecar")]
    public async Task Timers_end_with_their_sidecar()
    {
        await using (var own = await OwnHost.Start(new() { Folder = _folder }))
        {
            var (a1, _) = await own.AddSdkApp("a1");
            await a1.Actors.CreateActorProxy<IAlarm>(new ActorId(_id), ActorTypes.Alarm)
                .StartTimer(new Ring("tick", Due: 100, Period: 100));
            await Journal.Has(_id, "timer ");
        }

        var count = Journal.Of(_id).Count;
        await using (var own = await OwnHost.Start(new() { Folder = _folder }))
        {
            await own.AddSdkApp("a1");
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancel);
        }

        Assert.Equal(count, Journal.Of(_id).Count);
    }

    private ICounter Counter(Replica replica) => replica.Actors.CreateActorProxy<ICounter>(new ActorId(_id), ActorTypes.Counter);
}
