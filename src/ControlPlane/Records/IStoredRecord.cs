namespace Orchestrator.ControlPlane.Records;

/// <summary>One record in a store, written by compare-and-set: a save succeeds only upon what this object read or wrote last.</summary>
internal interface IStoredRecord<T>
    where T : class
{
    /// <summary>The record, or null when there is none.</summary>
    /// <exception cref="StoreTroubleException">The store does not answer.</exception>
    /// <exception cref="UnreadableRecordException">Something is stored that is no record this program can read.</exception>
    Task<T?> Load();

    /// <exception cref="RecordConflictException">Somebody else wrote since; nothing was saved.</exception>
    /// <exception cref="StoreTroubleException">The store does not answer; whether it was saved is not known.</exception>
    Task Save(T value);

    /// <summary>Nothing is left of the record.</summary>
    /// <inheritdoc cref="Save"/>
    Task Remove();
}

/// <summary>A record was written by somebody else meanwhile. The caller drops what it remembers and may try again.</summary>
internal sealed class RecordConflictException(string key)
    : Exception($"the record '{key}' was changed by somebody else; read it again and retry");
