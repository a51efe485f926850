using System.Text.Json;

namespace Orchestrator.Contracts.Values;

/// <summary>
/// What may stand in a list as a number or a text in place of an object, and is never written so: <c>"8080:80"</c>. One text may stand for
/// several.
/// </summary>
/// <typeparam name="TSelf">What is written so.</typeparam>
internal interface IShortForm<TSelf> where TSelf : IShortForm<TSelf>
{
    /// <summary>All ways to write one, as a sentence.</summary>
    static abstract string Ways { get; }

    /// <exception cref="JsonException">The text cannot be read; the message says what is wrong with it.</exception>
    static abstract IEnumerable<TSelf> ReadShort(string text);
}
