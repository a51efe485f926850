namespace Orchestrator.WorkerAgent.Storage;

/// <summary>
/// What outlives the agent: a few small named contents. Each is either the old or the new one, whatever happens in between.
/// </summary>
internal interface IStorage
{
    /// <summary>Where something is, for a person.</summary>
    string In(string name);

    /// <returns>Null when it was never written.</returns>
    byte[]? Read(string name);

    /// <summary>Returns when it would survive a power cut.</summary>
    /// <exception cref="IOException">It may or may not have been written.</exception>
    void Write(string name, byte[] content);

    /// <summary>
    /// Writes over what is there, of the same length, without waiting for the disk: it takes no room, and a power cut may undo it.
    /// </summary>
    /// <exception cref="IOException">It may or may not have been written.</exception>
    void Overwrite(string name, byte[] content);
}
