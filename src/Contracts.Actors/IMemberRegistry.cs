using Dapr.Actors;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.Contracts.Actors;

/// <summary>The actor that knows who is there. It waits for no other actor.</summary>
public interface IMemberRegistry : IActor
{
    /// <summary>Renews the lease of a worker.</summary>
    Task<LeaseAnswer> Renew(WorkerReport report);

    /// <summary>Tells that a master lives.</summary>
    Task RenewMaster(MasterReport report);

    Task<MemberList> Members();

    /// <summary>All known workers as placement sees them, without the images on them.</summary>
    /// <param name="holding">Services of which it is to be told who has instances.</param>
    Task<ValueList<Worker>> Workers(ValueList<string> holding);

    /// <summary>The images that are present on workers, of those that have told.</summary>
    Task<ValueList<WorkerImages>> Images(ValueList<string> workers);

    /// <summary>Records an operator's wish; false when no such worker is known.</summary>
    Task<bool> SetDraining(DrainWish wish);

    /// <summary>A service that waits for room is told to look again at the next change among the workers.</summary>
    Task WaitsForRoom(string service);

    /// <summary>Whether it is time for a backup and nobody else makes it: the asker is to make it now.</summary>
    /// <param name="every">How often one is made.</param>
    Task<bool> TakeBackup(TimeSpan every);

    /// <summary>The backup that was to be made was not: somebody is to try again.</summary>
    Task BackupFailed();

    /// <summary>
    /// An order of a service to a worker got no answer; it is shown for a while in the worker's note, and the worker is asked by the next
    /// answer to its lease to tell what it has of the service.
    /// </summary>
    Task OrderFailed(string worker, string service, string why);

    /// <summary>A person has looked: workers that are silent now are to be declared lost although the brake is on.</summary>
    Task OverruleBrake();

    /// <summary>
    /// A person is sure that these workers are gone: each is declared lost when its lease is over, whatever the brake says.
    /// </summary>
    /// <returns>Why not, a sentence for each worker that is not known or is there; then nothing is done. Empty otherwise.</returns>
    Task<ValueList<string>> ConfirmLoss(LossConfirmation confirmation);
}
