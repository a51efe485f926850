using Dapr.Client;
using Orchestrator.Contracts;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ServiceDefaults.Resilience;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Whether the state store answers, for those who can do without it and must say so.</summary>
internal sealed class StoreCheck(DaprClient dapr, StoreHealth store, TimeProvider clock)
{
    private const string NoKey = "nobody";

    /// <summary>Who lists services does not wait long to be told that they are listed from memory.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(2);

    private readonly PatientCalls calls = PatientCalls.Within(Deadline, clock);
    private long? checkedAt;

    /// <summary>For how long it has not answered; none when it does, or did two seconds ago.</summary>
    public async Task<TimeSpan?> AwayFor(CancellationToken cancel)
    {
        if (store.AwayFor is null && checkedAt is { } at && clock.GetElapsedTime(at) < GoodFor) return null;
        try
        {
            await store.Ask(() => calls.Run(within => dapr.GetStateAndETagAsync<object?>(
                DaprNames.StateStore, NoKey, ConsistencyMode.Strong, cancellationToken: within), cancel));
            checkedAt = clock.GetTimestamp();
            return null;
        }
        catch (StoreTroubleException)
        {
            return store.AwayFor ?? TimeSpan.Zero;
        }
    }
}
