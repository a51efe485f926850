using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Backups;

namespace Orchestrator.Client.Backups;

/// <summary>All that is decided, as one document, and back again.</summary>
public sealed class BackupsApi
{
    private static readonly TimeSpan ForManyServices = TimeSpan.FromMinutes(2);

    private readonly Road road;

    internal BackupsApi(Road road) => this.road = road;

    /// <summary>Secrets in specs are in it too.</summary>
    public Task<Backup> Get(CancellationToken cancel = default) =>
        road.Ask<Backup>(Question.Get("backup") with { TakesLonger = ForManyServices }, cancel);

    /// <summary>Puts back what a backup holds; what runs of it goes on.</summary>
    /// <param name="replace">Whether what is there and differs is changed to what the backup says.</param>
    public Task<RestoreAnswer> Restore(
        Backup backup, bool replace = false, string? why = null, bool dryRun = false, CancellationToken cancel = default) =>
        road.Ask<RestoreAnswer>(
            Question.Put("restore", backup) with
            {
                Query = new() { { "replace", replace }, { "why", why }, { "dryRun", dryRun } },
                TakesLonger = ForManyServices, Changes = !dryRun,
            }, cancel);
}
