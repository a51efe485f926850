using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>
/// Something mounted into a container; the source says what: a name is a volume of the engine, an absolute path a folder of the worker,
/// none a volume without a name, which goes with the container. Docker's short text is read as well: <c>"data:/var/lib/x:ro"</c>.
/// </summary>
/// <param name="Source">Name of a volume of the engine, or an absolute path on the worker; empty for what has neither.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="Exclusive">
/// Only one instance on a worker may have it open: forbids that a successor starts before its predecessor has ended.
/// </param>
/// <param name="Driver">What makes the volume when it is not there yet; none takes the engine's own, <c>local</c>.</param>
/// <param name="DriverOpts">For the driver: <c>{"type":"nfs","o":"addr=10.0.0.1","device":":/export"}</c>.</param>
/// <param name="Affinity">Of a volume of the engine: whether its slot stays on the worker that has it.</param>
/// <param name="Tmpfs">In place of a source: memory, empty at the start and gone at the end.</param>
public sealed record VolumeMount(
    [Optional, DefaultParameterValue("")] string Source, string Target, bool ReadOnly = false, bool Exclusive = false,
    string? Driver = null, [property: MaxLength(200)] ValueMap? DriverOpts = null, TmpfsOptions? Tmpfs = null,
    VolumeAffinity Affinity = VolumeAffinity.Worker) : IShortForm<VolumeMount>
{
    static string IShortForm<VolumeMount>.Ways => ShortVolumes.Ways;

    static IEnumerable<VolumeMount> IShortForm<VolumeMount>.ReadShort(string text) => [ShortVolumes.Read(text)];

    /// <summary>A folder of the worker.</summary>
    public bool IsBind() => Source.StartsWith('/');

    /// <summary>A volume of the engine that outlives the container.</summary>
    public bool IsNamed() => Source.Length > 0 && !IsBind();

    /// <summary>What it holds is on one worker and nowhere else.</summary>
    public bool Binds() => Affinity == VolumeAffinity.Worker && IsNamed();
}

/// <param name="Size">How much it may hold; none takes the engine's default, half of the machine's memory.</param>
/// <param name="Mode">Its permissions, octal: <c>1777</c>, which is the default.</param>
public sealed record TmpfsOptions(ByteSize? Size = null, string? Mode = null);

public enum VolumeAffinity
{
    /// <summary>The slot stays on the worker that has the volume, for elsewhere it would be empty.</summary>
    Worker,

    /// <summary>What it holds may be left behind.</summary>
    None,
}
