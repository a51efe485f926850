using Dapr.Actors;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Actors;

/// <summary>
/// The actor that knows which services exist, since actors cannot be listed, and how each is. It waits for no other actor.
/// </summary>
public interface IServiceDirectory : IActor
{
    /// <summary>All names in order.</summary>
    Task<ValueList<string>> Names();

    /// <summary>A page of lines.</summary>
    Task<DirectoryPage> List(DirectoryQuestion question);

    /// <summary>What changed on a master; new names survive the directory once this has answered.</summary>
    Task<DirectoryAnswer> Tell(DirectoryNews news);

    /// <summary>Which services need a look; each is handed out to one of those who ask.</summary>
    Task<DirectoryAnswer> Round(DirectoryRound round);
}
