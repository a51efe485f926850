using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Orchestrator.ControlPlane.Content;

/// <summary>
/// ASP.NET's data protection with keys in a folder that all masters share. The first key is made when the first secret is set, and lasts:
/// a master that is given a copy of the folder needs no other.
/// </summary>
internal sealed class KeyRing(string folder) : ISeal
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365 * 100);

    private readonly Lock gate = new();
    private IDataProtector? keys;

    public string Close(byte[] value) => Convert.ToBase64String(Keys().Protect(value));

    public byte[] Open(string closed)
    {
        var bytes = Convert.FromBase64String(closed);
        try
        {
            return Keys().Unprotect(bytes);
        }
        catch (CryptographicException)
        {
            // Another master may have made the key since the folder was read.
            lock (gate) keys = null;
        }

        try
        {
            return Keys().Unprotect(bytes);
        }
        catch (CryptographicException e)
        {
            throw new ContentMissingException($"it was encrypted with a key that is not in SECRET_KEYS ({folder}) of this master", e);
        }
    }

    private IDataProtector Keys()
    {
        lock (gate) return keys ??= Read();
    }

    private IDataProtector Read()
    {
        try
        {
            var place = OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, OwnerOnly);
            if (!OperatingSystem.IsWindows() && (place.UnixFileMode & ~OwnerOnly) != 0)
                throw new ContentMissingException($"others may look into SECRET_KEYS ({folder}); chmod 700 it");
            return DataProtectionProvider.Create(place, setup => setup
                .SetApplicationName("orchestrator").SetDefaultKeyLifetime(Lifetime)).CreateProtector("secrets");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ContentMissingException($"SECRET_KEYS ({folder}) cannot be used: {e.Message}", e);
        }
    }
}
