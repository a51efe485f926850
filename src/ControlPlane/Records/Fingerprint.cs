using System.Security.Cryptography;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Records;

/// <summary>
/// A short name of what a container is made from: the same wish has the same one. Made once for a revision and kept with it, so that a later
/// version of this program, which may write a wish otherwise, does not take old containers for foreign ones.
/// </summary>
internal static class Fingerprint
{
    private const int Length = 16;

    public static string Of(ContainerSpec container) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(container, ContractsJson.Options)))[..Length];
}
