using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Listing;

/// <summary>What the keepers on one master have told since it was last carried to the directory, each service once.</summary>
/// <param name="Master">Its member name.</param>
/// <param name="Process">Which life of the master: what an earlier one had in mind is forgotten.</param>
public sealed record DirectoryNews(string Master, string Process, ValueList<ServiceLine> Lines);

/// <summary>A master asks which services need a look.</summary>
/// <param name="Master">Its member name.</param>
/// <param name="Process">Which life of the master.</param>
/// <param name="Calm">Workers that are neither lost nor draining; none when that is not known.</param>
public sealed record DirectoryRound(string Master, string Process, ValueList<string>? Calm);

/// <summary>What the directory answers to a master.</summary>
/// <param name="Activation">
/// Which activation of the directory answered. To a new one the master tells again all that it knows: a directory remembers names and
/// nothing else.
/// </param>
/// <param name="Due">Services that are to look again now.</param>
/// <param name="Floor">No epoch of a service that is gone was higher.</param>
public sealed record DirectoryAnswer(string Activation, ValueList<string> Due, long Floor = 0);
