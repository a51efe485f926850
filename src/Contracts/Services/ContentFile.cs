using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Contracts.Content;

namespace Orchestrator.Contracts.Services;

/// <summary>
/// A secret or a config as a file in the containers, on memory and never on a disk. Its name alone is read as well (<c>"db-password"</c>),
/// and never written.
/// </summary>
/// <param name="Source">Name of the secret or the config.</param>
/// <param name="Target">
/// Where the file is: an absolute path, or a name in <c>/run/secrets</c>, of a config in <c>/</c>; none takes the source's name.
/// </param>
/// <param name="Uid">Who owns the file, a number; none is 0.</param>
/// <param name="Gid">Which group owns the file, a number; none is 0.</param>
/// <param name="Mode">Permissions of the file, octal, <c>0444</c> by default.</param>
/// <param name="Rotate">What a new version means for the service.</param>
[JsonConverter(typeof(ContentFileConverter))]
public sealed record ContentFile(
    string Source, string? Target = null, [property: Range(0, int.MaxValue)] int? Uid = null,
    [property: Range(0, int.MaxValue)] int? Gid = null, string? Mode = null, Rotation Rotate = Rotation.Auto);

/// <summary>Environment variables out of a secret or a config.</summary>
/// <param name="Source">
/// Name of the secret or the config. Whoever may inspect containers on the worker sees a secret's value there; a file shows nobody.
/// </param>
/// <param name="Kind">Which of the two it is.</param>
/// <param name="Name">The variable that has the whole value; none reads the value as lines <c>NAME=value</c>.</param>
/// <param name="Rotate">What a new version means for the service.</param>
public sealed record EnvSource(
    string Source, ContentKind Kind = ContentKind.Secret, string? Name = null, Rotation Rotate = Rotation.Auto);

public enum Rotation
{
    /// <summary>A new version rolls the service, as an update would.</summary>
    Auto,

    /// <summary>The service stays with its version until it is restarted with <c>pull=true</c>.</summary>
    Manual,
}

/// <summary>When a worker asks the registry for an image.</summary>
public enum PullPolicy
{
    /// <summary>When the worker has not got it.</summary>
    Missing,

    /// <summary>At every start, and what a new revision runs is what the registry says then.</summary>
    Always,

    /// <summary>Never: only what is on the worker runs.</summary>
    Never,
}

internal sealed class ContentFileConverter : JsonConverter<ContentFile>
{
    private sealed record Long
    {
        public string? Source { get; init; }
        public string? Target { get; init; }
        public int? Uid { get; init; }
        public int? Gid { get; init; }
        public string? Mode { get; init; }
        public Rotation Rotate { get; init; }
    }

    public override ContentFile Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return new(reader.GetString()!);
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("is a name such as \"db-password\", or {\"source\":\"db-password\",\"mode\":\"0400\"}");
        var it = JsonSerializer.Deserialize<Long>(ref reader, options)!;
        return new(it.Source ?? "", it.Target, it.Uid, it.Gid, it.Mode, it.Rotate);
    }

    public override void Write(Utf8JsonWriter writer, ContentFile value, JsonSerializerOptions options) => JsonSerializer.Serialize(
        writer,
        new Long
        {
            Source = value.Source, Target = value.Target, Uid = value.Uid, Gid = value.Gid, Mode = value.Mode, Rotate = value.Rotate,
        }, options);
}
