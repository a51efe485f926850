using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Services;

/// <summary>What a keeper does about a store that fails it.</summary>
internal sealed partial class ServiceKeeper
{
    /// <summary>A request whose change was sent to the store and may take effect yet; none when nothing is on its way.</summary>
    private string? inDoubt;

    /// <summary>The store was not asked to make the change, not this time.</summary>
    private ServiceAnswer NotNow(ServiceChangeRequest request, StoreTroubleException trouble) => inDoubt == request.Id
        ? Not(ServiceOutcome.InDoubt, $"{trouble.Message}; whether the change was made is not known")
        : Not(ServiceOutcome.NotDone, $"{trouble.Message}; nothing was changed");

    /// <summary>
    /// A change was sent to the store, and no answer came. What is stored tells, if it can be read; and once this activation has written
    /// again, the change cannot take effect any more.
    /// </summary>
    private async Task<ServiceAnswer> OutcomeOf(ServiceChangeRequest request, StoreTroubleException trouble)
    {
        inDoubt = request.Id;
        try
        {
            await Load();
            if (Record is { } found && found.Knows(request.Id))
            {
                await Turn(found);
                return Answer();
            }

            // Of a name that nobody has a record of, nothing is written again: a write on its way may come to its end yet.
            if (Record is not null) return Not(ServiceOutcome.NotDone, $"{trouble.Message}; nothing was changed");
        }
        catch (Exception e) when (e is StoreTroubleException or RecordConflictException)
        {
            LogInDoubt(name, request.Id, e.Message);
        }

        return Not(ServiceOutcome.InDoubt, $"{trouble.Message}; whether the change was made is not known");
    }

    /// <exception cref="UnreadableRecordException">There is a record, and it says nothing.</exception>
    private async Task LoadReadable()
    {
        await Load();
        if (own.Unreadable is { } unreadable) throw unreadable;
    }

    /// <summary>
    /// While the store does not answer nothing is decided upon a report, but whoever reads is told what is seen; its worker repeats it.
    /// </summary>
    private async Task LoadOrNote(ServiceReport report)
    {
        try
        {
            await Load();
        }
        catch (StoreTroubleException) when (Record is not null)
        {
            observed = observed.With(report.ByClockOf(clock.GetUtcNow()));
            throw;
        }
    }

    /// <summary>A service whose record cannot be read can be created anew or deleted; its numbers go on.</summary>
    private ChangeResult Replace(UnreadableRecordException unreadable, ServiceChange change)
    {
        var now = clock.GetUtcNow();
        if (change is CreateService or RestoreService) return ServiceChanges.Apply(own.Salvaged(), name, change, now);
        if (change is not WithdrawService)
        {
            return new ChangeResult
            {
                Outcome = ServiceOutcome.Conflict,
                Problems = [new FieldProblem("", $"{unreadable.Message}; {UnreadableRecordException.Remedy}")],
            };
        }

        var withdrawn = new HistoryEvent(now, HistoryKind.Withdrawn, $"withdrawn although {unreadable.Message}", Who: change.Who);
        return new ChangeResult { Outcome = ServiceOutcome.Done, Record = own.Salvaged().WithHistory(withdrawn) };
    }

    [LoggerMessage(LogLevel.Error, "Service {Service} is left alone: {Problem}")]
    private partial void LogUnreadable(string service, string problem);

    [LoggerMessage(LogLevel.Warning, "Service {Service}: whether request {Request} was carried out is not known: {Error}")]
    private partial void LogInDoubt(string service, string request, string error);
}
