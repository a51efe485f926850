using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// The record of a service as one activation owns it: read once, the epoch raised before anything else, written by compare-and-set. When
/// the store does not answer, what was known last can still be read.
/// </summary>
internal sealed class OwnedRecord(string name, IStoredRecord<ServiceRecord> store, TimeProvider clock)
{
    private long knownAt;

    /// <summary>What is known; owned only while <see cref="IsOwned"/>.</summary>
    public ServiceRecord? Value { get; private set; }

    /// <summary>The store has, or had when it last answered, what is known here, under an epoch of this activation.</summary>
    public bool IsOwned { get; private set; }

    /// <summary>Why there is no record although something is stored; none when it could be read.</summary>
    public UnreadableRecordException? Unreadable { get; private set; }

    /// <summary>Since the store last told or took what is known here.</summary>
    public TimeSpan Age => clock.GetElapsedTime(knownAt);

    /// <summary>Reads the record and takes it over: from here on orders of an earlier activation are refused by the workers.</summary>
    /// <exception cref="StoreTroubleException">The store does not answer; what was read is known, and not owned.</exception>
    /// <exception cref="RecordConflictException">Another activation does the same.</exception>
    public async Task Own()
    {
        IsOwned = false;
        try
        {
            (Value, Unreadable) = (await store.Load(), null);
            knownAt = clock.GetTimestamp();
        }
        catch (UnreadableRecordException e)
        {
            (Value, Unreadable) = (null, e);
        }

        if (Value is not null) await Save(Value.NextEpoch());
        IsOwned = true;
    }

    public async Task Save(ServiceRecord next)
    {
        try
        {
            await store.Save(next);
        }
        catch
        {
            // Somebody else may have written, or the answer was lost: nobody may act on what is remembered here before it is read again.
            IsOwned = false;
            throw;
        }

        (Value, Unreadable) = (next, null);
        knownAt = clock.GetTimestamp();
    }

    /// <summary>Nothing is left of it, here and in the store; what comes next is read again.</summary>
    public async Task Erase()
    {
        IsOwned = false;
        await store.Remove();
        Value = null;
    }

    /// <summary>What an unreadable record leaves to build upon.</summary>
    public ServiceRecord Salvaged() => Salvage.Tombstone(name, Unreadable!.Content);

    /// <summary>What is stored has to be read again before anybody acts on it.</summary>
    public void Doubt() => IsOwned = false;

    /// <summary>
    /// A worker has seen a higher epoch. Either another activation is in charge, and then the answer is false; or the store was put back to
    /// an earlier state, and the epoch is raised above what the workers remember.
    /// </summary>
    public async Task<bool> Overtake(long known)
    {
        var stored = await store.Load();
        if (stored is null || stored.Epoch > Value!.Epoch)
        {
            Doubt();
            return false;
        }

        await Save(Value.Overtaking(known));
        return true;
    }
}
