using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Contracts.Instances;

namespace Orchestrator.ControlPlane.Records;

/// <summary>The decision that one instance is to run, or to end, on one worker. Never what was observed of it.</summary>
[JsonConverter(typeof(InstanceRecordConverter))]
internal sealed record InstanceRecord
{
    /// <summary>See <see cref="InstanceName"/>; the numbers follow from it.</summary>
    public required string Name { get; init; }

    public required int Slot { get; init; }
    public required int Revision { get; init; }
    public required int Attempt { get; init; }

    /// <summary>The run of a job that it belongs to; 0 of anything else.</summary>
    public int RunNumber { get; init; }

    public required string Worker { get; init; }
    public Intent Intent { get; init; }

    /// <summary>Why it runs there, or why it is to end.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When the intent was decided.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>The epoch in which it was placed: of one placed earlier the worker must be heard before anything is concluded.</summary>
    public required long Epoch { get; init; }

    /// <summary>
    /// Of one that may run once only: the newest report of its worker, by its sequence, that was known when it was decided to run there.
    /// None otherwise.
    /// </summary>
    public long? Heard { get; init; }

    public static InstanceRecord Of(InstanceName name, string worker, string reason, DateTimeOffset now, long epoch) => new()
    {
        Name = name.ToString(),
        Slot = name.Slot,
        Revision = name.Revision,
        Attempt = name.Attempt,
        RunNumber = name.Run,
        Worker = worker,
        Reason = reason,
        DecidedAt = now,
        Epoch = epoch,
    };

    /// <summary>It waited for the end of its predecessor, and that has come.</summary>
    public InstanceRecord Run(DateTimeOffset now) => this with { Intent = Intent.Run, DecidedAt = now };

    public InstanceRecord Stop(string why, DateTimeOffset now) => this with { Intent = Intent.Stop, Reason = why, DecidedAt = now };
}

/// <summary>What was decided for an instance.</summary>
internal enum Intent
{
    Run,
    Stop,

    /// <summary>Everything but its start is to be done: it waits for the end of its predecessor.</summary>
    Prepare,
}

/// <summary>
/// One array an instance, <c>["web-2-r5-a1","worker-a","run","why",1764000000000,7]</c>: thousands of them share one stored document.
/// <see cref="InstanceRecord.Heard"/> follows where there is one.
/// </summary>
internal sealed class InstanceRecordConverter : JsonConverter<InstanceRecord>
{
    public override InstanceRecord Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Read();
        var text = reader.GetString()!;
        if (!InstanceName.TryParse(text, out var name)) throw new JsonException($"'{text}' is not the name of an instance");
        reader.Read();
        var worker = reader.GetString()!;
        reader.Read();
        var intent = reader.ValueTextEquals("stop"u8) ? Intent.Stop : reader.ValueTextEquals("prepare"u8) ? Intent.Prepare : Intent.Run;
        reader.Read();
        var reason = reader.GetString()!;
        reader.Read();
        var at = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64());
        reader.Read();
        var epoch = reader.GetInt64();
        reader.Read();
        long? heard = null;
        if (reader.TokenType == JsonTokenType.Number)
        {
            heard = reader.GetInt64();
            reader.Read();
        }

        return InstanceRecord.Of(name, worker, reason, at, epoch) with { Intent = intent, Heard = heard };
    }

    public override void Write(Utf8JsonWriter writer, InstanceRecord value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.Name);
        writer.WriteStringValue(value.Worker);
        writer.WriteStringValue(value.Intent switch { Intent.Stop => "stop"u8, Intent.Prepare => "prepare"u8, _ => "run"u8 });
        writer.WriteStringValue(value.Reason);
        writer.WriteNumberValue(value.DecidedAt.ToUnixTimeMilliseconds());
        writer.WriteNumberValue(value.Epoch);
        if (value.Heard is { } heard) writer.WriteNumberValue(heard);
        writer.WriteEndArray();
    }
}
