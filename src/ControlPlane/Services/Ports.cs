using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Events;

namespace Orchestrator.ControlPlane.Services;

/// <summary>What the keepers of services ask of the world around them; shared by all keepers of a master.</summary>
internal sealed record ServicePorts(
    IWorkers Workers, IOrders Orders, IAnnouncements Announcements, IDirectory Directory, IAlarm Alarm, ContentStore Contents,
    IEvents Events, IStackNews Stacks, ISchedules Schedules);

/// <summary>The workers as the services of this master see them.</summary>
internal interface IWorkers
{
    /// <param name="since">A mark: what the registry was asked before it does not count. None, and a moment ago is good enough.</param>
    /// <exception cref="NoAnswerException">The registry gives no answer.</exception>
    Task<ValueList<Worker>> Current(CancellationToken cancel, long since = 0);

    /// <summary>The workers that have instances of a service, or may have because they have not been heard yet.</summary>
    /// <inheritdoc cref="Current"/>
    Task<ValueList<string>> Holders(string service, CancellationToken cancel, long since = 0);

    /// <summary>
    /// Marks this moment, for whoever knows that something about the workers has changed. A question that begins later is good for all
    /// marks up to then.
    /// </summary>
    long Mark();

    /// <summary>Something was placed on a worker, which its reports do not show yet.</summary>
    void Placed(string worker, ResourceAmount reserve);

    /// <summary>A worker whom no call of the roll reaches is to tell what it has of the service; it never fails.</summary>
    Task AskByLease(string worker, string service);

    /// <summary>The service is to be told when there is room again.</summary>
    /// <exception cref="NoAnswerException">The registry gives no answer.</exception>
    Task WaitForRoom(string service);
}

/// <summary>Sees to it that somebody follows the schedules of jobs; it never fails, and what did not succeed is tried again.</summary>
internal interface ISchedules
{
    /// <summary>The schedule of a job is to be followed. Costs nothing when it has been told.</summary>
    /// <param name="told">Names the schedule: whoever follows another one is told of the change.</param>
    /// <param name="isLate">What was due has not begun: who is to follow it may be gone.</param>
    void Follow(string service, string told, bool isLate);

    /// <summary>There is nothing to be followed any more.</summary>
    void Leave(string service);

    /// <summary>Why nobody follows the schedule at present, in words; none when nothing is known to be wrong.</summary>
    string? ProblemOf(string service);
}

/// <summary>Tells a stack that one of its services is otherwise than before. It only saves time, and never fails.</summary>
internal interface IStackNews
{
    void Tell(string stack);
}

/// <summary>Sends orders outside the turn that decided them.</summary>
internal interface IOrders
{
    void Send(IEnumerable<(string Worker, Order Order)> orders);
}

/// <summary>Tells all workers at once what only saves time; it never fails.</summary>
internal interface IAnnouncements
{
    Task Tell(Announcement announcement);
}

/// <summary>
/// The list of services, and how each is. A name may be there without a service (a create that failed); never the other way round.
/// </summary>
internal interface IDirectory
{
    /// <summary>There is, or is about to be, a service of this name: it is listed for good once this returns.</summary>
    /// <exception cref="NoAnswerException">The directory gives no answer.</exception>
    Task Expect(ServiceLine line);

    /// <summary>
    /// As far as this master has heard: no epoch of a service that is gone was higher. After <see cref="Expect"/> it holds for all that
    /// went before.
    /// </summary>
    long Floor { get; }

    /// <summary>How a service is after a turn; it arrives as soon as may be.</summary>
    void Tell(ServiceLine line);

    /// <summary>Waits until what has been told on this master is in the list, or could not be delivered at the first try.</summary>
    Task Arrived(CancellationToken cancel);

    /// <summary>Which services need a look.</summary>
    /// <param name="calm">Workers that are neither lost nor draining; none when that is not known.</param>
    /// <exception cref="NoAnswerException">The directory gives no answer.</exception>
    Task<ValueList<string>> Due(ValueList<string>? calm, CancellationToken cancel);
}

/// <summary>Calls to the directory, wherever it lives.</summary>
internal interface IDirectoryCalls
{
    /// <exception cref="NoAnswerException">No answer within the budget, which is short: turns wait for it.</exception>
    Task<DirectoryAnswer> Tell(DirectoryNews news);

    /// <exception cref="NoAnswerException">No answer within the budget.</exception>
    Task<DirectoryAnswer> Round(DirectoryRound round, CancellationToken cancel);
}

/// <summary>The durable way in which the directory is woken: it also brings it back after its host has died.</summary>
internal interface IReminder
{
    Task Set(TimeSpan every);
}

/// <summary>Calls to the keepers of services, on whichever master they live.</summary>
internal interface IServiceCalls
{
    /// <exception cref="NoAnswerException">No answer within the budget.</exception>
    Task LookAgain(string service, string why, CancellationToken cancel);

    /// <inheritdoc cref="LookAgain"/>
    Task Refused(string service, OrderRefused refused, CancellationToken cancel);
}

/// <summary>Calls to the registry of members from within a turn, so with a short budget.</summary>
internal interface IRegistryCalls
{
    /// <param name="holding">Services of which it is to be told who has instances.</param>
    /// <exception cref="NoAnswerException">No answer within the budget.</exception>
    Task<ValueList<Worker>> Workers(ValueList<string> holding, CancellationToken cancel);

    /// <summary>The images that are present on workers, of those that have told.</summary>
    /// <exception cref="NoAnswerException">No answer within the budget.</exception>
    Task<ValueList<WorkerImages>> Images(ValueList<string> workers, CancellationToken cancel);

    /// <summary>An order of a service to a worker got no answer.</summary>
    /// <exception cref="NoAnswerException">No answer within the budget.</exception>
    Task OrderFailed(string worker, string service, string why, CancellationToken cancel);

    /// <exception cref="NoAnswerException">No answer within the budget.</exception>
    Task WaitForRoom(string service);
}

/// <summary>Carries one order to one worker.</summary>
internal interface IOrderTransport
{
    /// <exception cref="NoAnswerException">The worker gave no answer that could be read, in time.</exception>
    Task<OrderAnswer> Ask(string worker, Order order, CancellationToken cancel);
}

/// <summary>Asks one worker what is behind the reference of an image.</summary>
internal interface IImageTransport
{
    /// <exception cref="NoAnswerException">The worker gave no answer that could be read, in time.</exception>
    Task<ImageAnswer> Ask(string worker, ImageQuestion question, CancellationToken cancel);
}

/// <summary>Asks one worker about its volumes.</summary>
internal interface IVolumeTransport
{
    /// <exception cref="NoAnswerException">The worker gave no answer that could be read, in time.</exception>
    Task<WorkerVolumes> Volumes(string worker, CancellationToken cancel);

    /// <inheritdoc cref="Volumes"/>
    Task<VolumeRemoved> Remove(string worker, VolumeRemoval removal, CancellationToken cancel);
}

/// <summary>
/// Somebody who was asked gave no answer within the budget: an actor that is moving, a worker that is gone. Asking later may help.
/// </summary>
internal sealed class NoAnswerException(string whom, Exception inner)
    : Exception($"{whom} does not answer at present: {inner.Message}", inner)
{
    /// <summary>False when it was not asked at all, since nobody has answered of late: then nothing was done either.</summary>
    public bool IsSent { get; init; } = true;
}
