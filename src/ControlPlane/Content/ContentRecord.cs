using System.Text.Json.Serialization;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Content;

/// <summary>What is stored of all secrets, configs and registries besides the values, by compare-and-set.</summary>
internal sealed record ContentRecord
{
    /// <summary>By name; one that was deleted stays without versions, so that none of its numbers is given again.</summary>
    public ValueList<ContentItem> Secrets { get; init; } = [];

    /// <inheritdoc cref="Secrets"/>
    public ValueList<ContentItem> Configs { get; init; } = [];

    /// <summary>By host.</summary>
    public ValueList<RegistryRecord> Registries { get; init; } = [];

    public ValueList<ContentItem> Of(ContentKind kind) => kind == ContentKind.Secret ? Secrets : Configs;

    /// <summary>None when there is none, or no more.</summary>
    public ContentItem? Find(ContentKind kind, string name) =>
        Of(kind).FirstOrDefault(item => item.Name == name && item.Versions.Count > 0);

    public ContentRecord With(ContentKind kind, ContentItem item)
    {
        var items = Of(kind).Where(it => it.Name != item.Name).Append(item).OrderBy(it => it.Name, StringComparer.Ordinal).ToValueList();
        return kind == ContentKind.Secret ? this with { Secrets = items } : this with { Configs = items };
    }

    public ContentRecord With(RegistryRecord registry) => this with
    {
        Registries = Registries.Where(it => it.Host != registry.Host).Append(registry).OrderBy(it => it.Host, StringComparer.Ordinal)
            .ToValueList(),
    };
}

/// <summary>A secret or a config.</summary>
/// <param name="Last">The highest number ever given to a version.</param>
/// <param name="Versions">Those that are kept, oldest first.</param>
internal sealed record ContentItem(string Name, int Last, ValueList<ItemVersion> Versions)
{
    /// <summary>Number of the newest version; there is one.</summary>
    [JsonIgnore]
    public int Newest => Versions[^1].Number;

    public ItemVersion? Find(int number) => Versions.FirstOrDefault(it => it.Number == number);
}

/// <param name="Key">Where the value is stored; none when it is elsewhere.</param>
/// <param name="From">Where it is elsewhere.</param>
internal sealed record ItemVersion(int Number, DateTimeOffset At, string By, string? Key = null, StoreReference? From = null)
{
    public ContentVersion ToView() => new(Number, At, By);
}

/// <param name="Password">Encrypted.</param>
internal sealed record RegistryRecord(
    string Host, DateTimeOffset ChangedAt, string ChangedBy, string? Username = null, string? Password = null,
    string? PasswordSecret = null, string? Helper = null)
{
    public RegistryView ToView() => new()
    {
        Host = Host, Username = Username, PasswordSecret = PasswordSecret, Helper = Helper, ChangedAt = ChangedAt, ChangedBy = ChangedBy,
    };
}
