using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// What one keeper tells the directory: that there is about to be a service, how it is whenever that changes, and its end.
/// </summary>
internal sealed class Listing(IDirectory directory, string service, TimeProvider clock)
{
    /// <summary>
    /// Of a record that is about to be written for the first time: the directory need not be told another one right afterwards.
    /// </summary>
    private const long FirstEpoch = 1;

    private long turn;
    private ServiceLine? last;

    /// <summary>The directory has the name for good.</summary>
    public bool IsListed { get; set; }

    /// <summary>
    /// Returns when the name is in the list for good, and with it that the service must be looked at soon: should this master die now,
    /// somebody else does it.
    /// </summary>
    /// <exception cref="NoAnswerException">The directory gives no answer.</exception>
    public async Task Expect(ServiceRecord? record)
    {
        var soon = clock.GetUtcNow() + StepsDue.RollCallAfter;
        // Several keepers may expect to be the first: whatever one of them tells later is newer.
        var (epoch, mine) = record is null ? (Math.Max(FirstEpoch, directory.Floor + 1), 0) : (record.Epoch, ++turn);
        await directory.Expect(new ServiceLine { Name = service, Epoch = epoch, Turn = mine, LookAt = soon });
        IsListed = true;
    }

    /// <summary>Tells how the service is, unless that has been told.</summary>
    public void Tell(ServiceSummary summary, long epoch, DateTimeOffset? lookAt)
    {
        if (last is not null && last.Epoch == epoch && last.LookAt == lookAt && last.Summary == summary) return;
        last = new ServiceLine { Name = service, Epoch = epoch, Turn = ++turn, Summary = summary, LookAt = lookAt };
        directory.Tell(last);
    }

    /// <summary>The next turn tells the directory how the service is although nothing may have changed.</summary>
    public void TellAgain() => last = null;

    /// <summary>
    /// The last word before the record goes: returns when the directory has it for good that a service of this name begins above its epoch.
    /// </summary>
    /// <exception cref="NoAnswerException">The directory gives no answer.</exception>
    public Task Leave(ServiceRecord record) =>
        directory.Expect(new ServiceLine { Name = service, Epoch = record.Epoch, Turn = ++turn, Gone = true });

    /// <summary>Nothing is left of the service.</summary>
    public void TellGone(ServiceRecord? record)
    {
        (IsListed, last) = (false, null);
        directory.Tell(new ServiceLine { Name = service, Epoch = record?.Epoch ?? 0, Turn = ++turn, Gone = true });
    }
}
