using Orchestrator.Contracts.Content;

namespace Orchestrator.ControlPlane.Content;

/// <summary>The values of secrets, encrypted, and of configs, each under a key of its own. Written once.</summary>
internal interface IContentValues
{
    /// <returns>Null when there is none.</returns>
    /// <exception cref="Records.StoreTroubleException">The store does not answer.</exception>
    Task<string?> Read(string key);

    /// <inheritdoc cref="Read"/>
    Task Write(string key, string value);

    /// <inheritdoc cref="Read"/>
    Task Delete(string key);
}

/// <summary>Secret stores that somebody else fills.</summary>
internal interface ISecretStores
{
    /// <exception cref="ContentMissingException">It does not tell the value; the message says why, and never tells a value.</exception>
    Task<byte[]> Read(StoreReference reference);
}

/// <summary>Encrypts what is stored of secrets.</summary>
internal interface ISeal
{
    string Close(byte[] value);

    /// <exception cref="ContentMissingException">It was encrypted with a key that is not here.</exception>
    byte[] Open(string closed);
}

/// <summary>A value that should be there cannot be had; the message says why.</summary>
internal sealed class ContentMissingException(string message, Exception? inner = null) : Exception(message, inner);
