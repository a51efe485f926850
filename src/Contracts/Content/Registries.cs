using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Content;

/// <summary>
/// What <c>PUT /registries/{host}</c> takes: a user name with a password or with the secret that holds it, or a credential helper.
/// </summary>
public sealed record RegistryLogin
{
    /// <summary>Who pulls; 1 to 255 characters.</summary>
    public string? Username { get; init; }

    /// <summary>Password or token, at most 16 KiB. Kept encrypted and never told again.</summary>
    public string? Password { get; init; }

    /// <summary>Name of the secret that holds the password; its newest version counts at every pull.</summary>
    public string? PasswordSecret { get; init; }

    /// <summary>
    /// A program on the workers that knows the login: <c>ecr-login</c> stands for <c>docker-credential-ecr-login</c>. Each worker says in
    /// CREDENTIAL_HELPERS which it runs.
    /// </summary>
    public string? Helper { get; init; }
}

/// <summary>How the workers log in to a registry, without what is secret about it.</summary>
public sealed record RegistryView
{
    /// <summary>Host of the registry and its port: <c>registry.example.com:5000</c>.</summary>
    public required string Host { get; init; }

    public string? Username { get; init; }

    /// <summary>The secret that holds the password; none when the password was given itself.</summary>
    public string? PasswordSecret { get; init; }

    public string? Helper { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Who set it last.</summary>
    public required string ChangedBy { get; init; }
}

public sealed record RegistryList(ValueList<RegistryView> Registries);

/// <summary>What a worker is given for one pull; asked for at every pull and kept nowhere.</summary>
public sealed record RegistryCredentials
{
    public required string Registry { get; init; }
    public string? Username { get; init; }
    public string? Password { get; init; }
    public string? Helper { get; init; }

    public override string ToString() => $"login at {Registry}";
}

/// <summary>A worker is about to pull an image for a service.</summary>
public sealed record CredentialsQuestion(string Worker, string Image);

/// <param name="Credentials">None when the registry is asked without a login.</param>
/// <param name="Problem">Why there can be none, in words; none when all is well.</param>
public sealed record CredentialsAnswer(RegistryCredentials? Credentials = null, string? Problem = null)
{
    public override string ToString() => Problem ?? $"{Credentials}";
}
