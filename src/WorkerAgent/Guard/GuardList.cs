using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Guard;

/// <summary>What the agent tells its guard through the worker's folder: which containers must not outlive the lease.</summary>
/// <param name="Boot">The life of the machine in which it was written; in another one none of these containers runs.</param>
/// <param name="Agent">The agent's process.</param>
/// <param name="Containers">Ids of containers, and the instances that they are.</param>
internal sealed record GuardList(string? Boot, ProcessMark? Agent, Dictionary<string, string> Containers)
{
    public const string Name = "guard.json";
    private const string Lease = "guard-lease";
    private const string EndedName = "guard-ended.json";

    public static GuardList Nothing { get; } = new(null, null, []);

    /// <summary>Returns when it would survive a power cut.</summary>
    /// <exception cref="IOException">It may or may not have been written.</exception>
    public void Write(IStorage storage) => storage.Write(Name, JsonSerializer.SerializeToUtf8Bytes(this, GuardJson.Default.GuardList));

    /// <summary>What cannot be read guards nothing.</summary>
    public static GuardList Read(IStorage storage) => Read(storage, Name, GuardJson.Default.GuardList) ?? Nothing;

    /// <summary>
    /// Until when the containers may run without another renewal, in time since the machine started. Written in place, so that neither a
    /// slow nor a full disk loses a lease, and twice, so that a half-written one is seen.
    /// </summary>
    public static void WriteDeadline(IStorage storage, TimeSpan deadline)
    {
        var text = ((long)deadline.TotalMilliseconds).ToString("D20", CultureInfo.InvariantCulture);
        storage.Overwrite(Lease, Encoding.ASCII.GetBytes($"{text} {text}\n"));
    }

    /// <summary>None when there is none, or it is just being written.</summary>
    public static TimeSpan? ReadDeadline(IStorage storage) =>
        storage.Read(Lease) is { } content && Encoding.ASCII.GetString(content).Split([' ', '\n']) is [var one, var two, ..] && one == two
        && long.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    /// <summary>The guard's own word: instances that it is about to end.</summary>
    public static string[] Ended(IStorage storage) => Read(storage, EndedName, GuardJson.Default.StringArray) ?? [];

    /// <exception cref="IOException">It may or may not have been written.</exception>
    public static void WriteEnded(IStorage storage, IEnumerable<string> instances) =>
        storage.Write(EndedName, JsonSerializer.SerializeToUtf8Bytes([.. instances], GuardJson.Default.StringArray));

    private static T? Read<T>(IStorage storage, string name, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return storage.Read(name) is { } content ? JsonSerializer.Deserialize(content, type) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>How the list is written and read, made when it is built: the guard looks at nothing by reflection and stays small.</summary>
[JsonSerializable(typeof(GuardList))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class GuardJson : JsonSerializerContext;
