using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Listing;

/// <param name="After">The page begins after this name; none at the first one.</param>
/// <param name="Limit">How many lines at most, 1 or more.</param>
public sealed record DirectoryQuestion(string? After, int Limit, ServiceFilter Filter);

/// <summary>A part of the list, by name.</summary>
/// <param name="Services">Those that the filter takes.</param>
/// <param name="Unknown">
/// Names in the same part of which the directory has heard nothing yet: it is new, or they are. Their keepers can tell. With the lines they
/// are at most as many as were asked for.
/// </param>
/// <param name="Next">Where the next page begins; none on the last.</param>
public sealed record DirectoryPage(ValueList<ServiceSummary> Services, ValueList<string> Unknown, string? Next);
