using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Content;

/// <summary>What <c>PUT /secrets/{name}</c> takes; exactly one of the three.</summary>
public sealed record SecretValue
{
    /// <summary>The value as text; at most 500 KiB. Kept encrypted and never told again.</summary>
    public string? Value { get; init; }

    /// <summary>The value as base64, for what is no text; at most 500 KiB.</summary>
    public string? Base64 { get; init; }

    /// <summary>Where the value is, in a secret store of Dapr; it is read whenever an instance starts.</summary>
    public StoreReference? From { get; init; }

    public override string ToString() => "a secret";
}

/// <param name="Store">Name of Dapr's component.</param>
/// <param name="Key">Name of the secret there.</param>
/// <param name="Field">Which of its values, where it has several; none takes the one of the key's name, or the only one.</param>
public sealed record StoreReference(string Store, string Key, string? Field = null);

/// <summary>A secret without its value.</summary>
public sealed record SecretView
{
    public required string Name { get; init; }

    /// <summary>The newest version.</summary>
    public required int Version { get; init; }

    /// <summary>The versions that are kept, oldest first.</summary>
    public ValueList<ContentVersion> Versions { get; init; } = [];

    /// <summary>Where the newest one's value is; none when it is kept here.</summary>
    public StoreReference? From { get; init; }

    /// <summary>Services that use it, and registries whose password it is.</summary>
    public ValueList<ContentUser> UsedBy { get; init; } = [];
}

public sealed record SecretList(ValueList<SecretView> Secrets);

/// <summary>What <c>PUT /configs/{name}</c> takes; exactly one of the two.</summary>
public sealed record ConfigValue
{
    /// <summary>The value as text; at most 500 KiB.</summary>
    public string? Value { get; init; }

    /// <summary>The value as base64, for what is no text; at most 500 KiB.</summary>
    public string? Base64 { get; init; }
}

/// <summary>A config; alone with the value of its newest version, in a list without.</summary>
public sealed record ConfigView
{
    public required string Name { get; init; }

    /// <summary>The newest version.</summary>
    public required int Version { get; init; }

    /// <summary>The versions that are kept, oldest first.</summary>
    public ValueList<ContentVersion> Versions { get; init; } = [];

    /// <summary>The value, when it is text.</summary>
    public string? Value { get; init; }

    /// <summary>The value as base64, when it is no text.</summary>
    public string? Base64 { get; init; }

    public ValueList<ContentUser> UsedBy { get; init; } = [];
}

public sealed record ConfigList(ValueList<ConfigView> Configs);

/// <param name="Number">From 1, and never given twice.</param>
/// <param name="By">Who set it.</param>
public sealed record ContentVersion(int Number, DateTimeOffset At, string By);

/// <summary>Who uses a secret or a config.</summary>
/// <param name="Service">None when it is a registry.</param>
/// <param name="Version">The version that the service is to run with; none for a registry, which takes the newest.</param>
/// <param name="Registry">None when it is a service.</param>
public sealed record ContentUser(string? Service = null, int? Version = null, string? Registry = null);

/// <summary>Answer to a change of a secret or a config.</summary>
/// <param name="Version">The version that came of it; the one before when the value is the same.</param>
/// <param name="Rolls">Services that are rolled to it.</param>
/// <param name="Stays">Services that keep an older version, because they say <c>"rotate":"manual"</c>.</param>
public sealed record ContentChanged(string Name, int Version, ValueList<string> Rolls, ValueList<string> Stays);
