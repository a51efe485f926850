using System.Text;
using Orchestrator.Contracts.Content;

namespace Orchestrator.ControlPlane.Content;

internal sealed partial class ContentStore
{
    private const int MostRegistries = 100;

    /// <returns>Why it cannot be; none when it is done.</returns>
    public async Task<string?> SetRegistry(string host, RegistryLogin login, string who)
    {
        var password = login.Password is { } given ? seal.Close(Encoding.UTF8.GetBytes(given)) : null;
        string? problem = null;
        await Change(record =>
        {
            problem = record.Registries.Count >= MostRegistries && record.Registries.All(it => it.Host != host)
                    ? $"there are {MostRegistries} registries, and no more are kept"
                : login.PasswordSecret is { } secret && record.Find(ContentKind.Secret, secret) is null
                    ? $"passwordSecret: there is no secret {secret}" : null;
            return problem is not null ? record : record.With(new RegistryRecord(
                host, clock.GetUtcNow(), who, login.Username, password, login.PasswordSecret, login.Helper));
        });
        return problem;
    }

    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteRegistry(string host)
    {
        var found = false;
        await Change(record =>
        {
            found = record.Registries.Any(it => it.Host == host);
            return found ? record with { Registries = [.. record.Registries.Where(it => it.Host != host)] } : record;
        });
        return found;
    }

    /// <summary>How to log in for a pull, as it is now.</summary>
    public async Task<CredentialsAnswer> Credentials(string image)
    {
        var host = ImageReference.Parse(image).Registry;
        if ((await Current()).Registries.FirstOrDefault(it => it.Host == host) is not { } registry) return new();
        try
        {
            return new(new RegistryCredentials
            {
                Registry = host,
                Username = registry.Username,
                Password = registry.Password is { } closed ? Encoding.UTF8.GetString(seal.Open(closed))
                    : registry.PasswordSecret is { } secret
                        ? Encoding.UTF8.GetString(await ReadNewest(ContentKind.Secret, secret)).TrimEnd('\r', '\n') : null,
                Helper = registry.Helper,
            });
        }
        catch (ContentMissingException e)
        {
            return new(Problem: $"the login at registry {host} cannot be had: {e.Message}");
        }
    }
}
