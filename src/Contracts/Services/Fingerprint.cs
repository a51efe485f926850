using System.Security.Cryptography;
using System.Text.Json;

namespace Orchestrator.Contracts.Services;

/// <summary>Tells whether a container that is there was made from a spec, when nobody remembers which spec it was made from.</summary>
public static class Fingerprint
{
    /// <summary>32 hex digits; the same for equal specs.</summary>
    public static string Of(ContainerSpec container) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(container, ContractsJson.Options)).AsSpan(0, 16));
}
