using Orchestrator.ControlPlane.Maintenance;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>The one record of maintenance, changed by compare-and-set by whichever master has something to change.</summary>
/// <param name="open">The record anew, for one change.</param>
internal sealed class MaintenanceStore(Func<IStoredRecord<MaintenanceRecord>> open)
{
    public const string Key = "maintenance";

    private const int Tries = 8;

    /// <exception cref="StoreTroubleException">The store does not answer.</exception>
    public async Task<MaintenanceRecord> Current() => await open().Load() ?? new();

    /// <inheritdoc cref="Current"/>
    /// <param name="change">Answers the record itself when there is nothing to change.</param>
    public async Task<MaintenanceRecord> Change(Func<MaintenanceRecord, MaintenanceRecord> change)
    {
        for (var tries = 1; ; tries++)
        {
            var record = open();
            var before = await record.Load() ?? new();
            var after = change(before);
            if (after == before) return before;
            try
            {
                await record.Save(after);
                return after;
            }
            catch (RecordConflictException) when (tries < Tries)
            {
                // Somebody else wrote: what is there now is read.
            }
        }
    }
}
