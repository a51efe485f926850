using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Backups;

/// <summary>All that is decided in a cluster, as one document: what <c>GET /backup</c> answers and <c>PUT /restore</c> takes.</summary>
/// <param name="Schema">Of the document as a whole.</param>
/// <param name="Parts">A part for each kind of thing that is kept.</param>
/// <param name="At">When it was made.</param>
/// <param name="By">The master that made it.</param>
/// <param name="Missing">What should be in it and could not be read, a sentence each.</param>
public sealed record Backup(
    [property: Range(1, Backup.KnownSchema)] int Schema, ValueList<BackupPart> Parts, DateTimeOffset At = default, string By = "",
    ValueList<string>? Missing = null)
{
    /// <summary>The one that this program writes.</summary>
    public const int KnownSchema = 1;
}

/// <summary>What a backup holds of one kind of thing.</summary>
/// <param name="Name">The kind: <c>services</c>.</param>
/// <param name="Schema">Of what its items contain.</param>
public sealed record BackupPart(string Name, [property: Range(1, int.MaxValue)] int Schema, ValueList<BackupItem> Items);

/// <param name="Name">Unique in its part.</param>
/// <param name="Content">An object that only its own kind understands.</param>
public sealed record BackupItem(string Name, JsonElement Content);
