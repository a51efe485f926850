using System.Text.Json;
using Orchestrator.Contracts.Instances;
using Orchestrator.WorkerAgent.Guard;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>
/// What was ended here by somebody of this worker who may not live to tell it, on disk: whoever finds the ended container knows the cause.
/// </summary>
internal sealed class EndNotes(IStorage storage)
{
    private const string HandedBack = "handed-back.json";

    private static readonly Outside ByHandingBack = new(EndCause.HandedBack, "handed back: its worker was stopped");
    private static readonly Outside ByGuard = new(
        EndCause.Lease, "ended by its worker's guard: the lease was not renewed, because the agent was dead, frozen or held up");

    /// <summary>None when nobody here has ended it.</summary>
    public Outside? Find(string instance) =>
        Read(HandedBack).Contains(instance) ? ByHandingBack : GuardList.Ended(storage).Contains(instance) ? ByGuard : null;

    /// <summary>These will be ended because the worker leaves. Only the last ones are remembered: no name is used twice.</summary>
    public void HandBack(IEnumerable<string> instances)
    {
        try
        {
            storage.Write(HandedBack, JsonSerializer.SerializeToUtf8Bytes(instances));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nearly always the end is told before the worker leaves, and then nobody asks for the note.
        }
    }

    private string[] Read(string name)
    {
        try
        {
            return storage.Read(name) is { } content ? JsonSerializer.Deserialize<string[]>(content) ?? [] : [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
