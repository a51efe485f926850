using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Discovery;

/// <summary>
/// Where clients look for running instances. A call that fails throws <see cref="CatalogException"/>; each has a deadline.
/// </summary>
internal interface ICatalog
{
    /// <summary>Registers an entry as passing, or replaces it.</summary>
    Task Register(CatalogEntry entry, CancellationToken cancel);

    /// <summary>Removes an entry; one that is not there is left alone.</summary>
    Task Deregister(string id, CancellationToken cancel);

    /// <summary>Says that the entry is still alive; false when the catalog does not know it.</summary>
    Task<bool> Pass(string id, CancellationToken cancel);

    /// <summary>
    /// Entries of workers, of whatever cluster and machine, that no sign of life has come of in time: clients do not find them.
    /// </summary>
    Task<ValueList<SilentEntry>> Silent(CancellationToken cancel);

    /// <summary>Removes what another worker has left, if it is of this cluster; false when it is not.</summary>
    Task<bool> Remove(SilentEntry entry, string cluster, CancellationToken cancel);

    /// <summary>Ids of the entries whose meta holds all of these.</summary>
    Task<ValueList<string>> Ids(ValueMap meta, CancellationToken cancel);
}

/// <summary>One published port of one running instance.</summary>
/// <param name="Id">worker:instance:port, unique.</param>
/// <param name="Service">The name under which clients look.</param>
internal sealed record CatalogEntry(string Id, string Service, string Address, int Port, ValueList<string> Tags, ValueMap Meta);

/// <param name="Node">The machine's name in the catalog.</param>
internal sealed record SilentEntry(string Node, string Id, string Service);

internal sealed class CatalogException(string message, Exception? inner = null) : Exception(message, inner);
