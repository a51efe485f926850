using Dapr;
using Dapr.Actors;
using Dapr.Actors.Client;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Telemetry;
using Orchestrator.ServiceDefaults.Resilience;
using Orchestrator.ServiceDefaults.Sidecars;
using Polly.CircuitBreaker;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// Calls to actors with a deadline each and a budget of retries: while an actor moves to another master, calls to it fail at once or hang.
/// Only idempotent calls go through here.
/// </summary>
internal sealed partial class ActorCalls : IServiceCalls, IRegistryCalls, IDirectoryCalls, IEventCalls
{
    /// <summary>A turn may wait so long for another actor, no longer: its own callers wait meanwhile.</summary>
    public static readonly TimeSpan WithinTurn = TimeSpan.FromSeconds(1);

    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(800));

    private readonly LightProxies proxies;
    private readonly ActorBreakers breakers;
    private readonly PatientCalls patient;
    private readonly PatientCalls fromTurn;
    private readonly ControlPlaneMetrics metrics;
    private readonly ILogger<ActorCalls> log;
    private readonly SidecarHealth sidecar;

    public ActorCalls(
        IActorProxyFactory proxies, ControlPlaneMetrics metrics, SidecarHealth sidecar, TimeProvider clock, Func<double> dice,
        ILogger<ActorCalls> log)
    {
        (this.proxies, this.metrics, this.sidecar, this.log) = (new LightProxies(proxies), metrics, sidecar, log);
        breakers = new ActorBreakers(clock);
        var patience = new Patience
        {
            Deadline = TimeSpan.FromSeconds(4),
            Budget = TimeSpan.FromSeconds(8),
            Backoff = Pauses,
            IsPassing = e => IsPassing(e) && (IsAnswer(e) || sidecar.Problem is null),
            BeforePause = (e, _) =>
            {
                if (IsAnswer(e)) sidecar.Answered();
                LogRetry(e.Message);
            },
        };
        patient = new PatientCalls(patience, clock, dice);
        fromTurn = new PatientCalls(patience with { Deadline = WithinTurn, Budget = WithinTurn }, clock, dice);
    }

    /// <exception cref="NoAnswerException">No answer within the budget.</exception>
    /// <exception cref="ActorDefectException">The actor failed in a way that nobody expected.</exception>
    public Task<T> Service<T>(string name, Func<IServiceMaster, Task<T>> call, CancellationToken cancel) =>
        Call(patient, DaprNames.ServiceMaster, name, call, cancel);

    /// <inheritdoc cref="Service{T}"/>
    public Task<T> Stack<T>(string name, Func<IStackMaster, Task<T>> call, CancellationToken cancel) =>
        Call(patient, DaprNames.StackMaster, name, call, cancel);

    /// <inheritdoc cref="Service{T}"/>
    public Task<T> Registry<T>(Func<IMemberRegistry, Task<T>> call, CancellationToken cancel) =>
        Call(patient, DaprNames.MemberRegistry, DaprNames.FirstShard, call, cancel);

    /// <inheritdoc cref="Service{T}"/>
    public Task Registry(Func<IMemberRegistry, Task> call, CancellationToken cancel) => Registry(Nothing(call), cancel);

    public Task LookAgain(string service, string why, CancellationToken cancel) =>
        Service(service, Nothing<IServiceMaster>(master => master.LookAgain(why)), cancel);

    public Task Refused(string service, OrderRefused refused, CancellationToken cancel) =>
        Service(service, Nothing<IServiceMaster>(master => master.Refused(refused)), cancel);

    /// <summary>The names of all services, in order.</summary>
    /// <inheritdoc cref="Service{T}"/>
    public Task<ValueList<string>> Names(CancellationToken cancel) => Directory(patient, directory => directory.Names(), cancel);

    /// <summary>A page of the list of services.</summary>
    /// <inheritdoc cref="Service{T}"/>
    public Task<DirectoryPage> List(DirectoryQuestion question, CancellationToken cancel) =>
        Directory(patient, directory => directory.List(question), cancel);

    public Task<DirectoryAnswer> Tell(DirectoryNews news) =>
        Directory(fromTurn, directory => directory.Tell(news), CancellationToken.None);

    public Task<DirectoryAnswer> Round(DirectoryRound round, CancellationToken cancel) =>
        Directory(patient, directory => directory.Round(round), cancel);

    public Task<ValueList<Worker>> Workers(ValueList<string> holding, CancellationToken cancel) =>
        Call<IMemberRegistry, ValueList<Worker>>(
            fromTurn, DaprNames.MemberRegistry, DaprNames.FirstShard, registry => registry.Workers(holding), cancel);

    public Task<ValueList<WorkerImages>> Images(ValueList<string> workers, CancellationToken cancel) =>
        Call<IMemberRegistry, ValueList<WorkerImages>>(
            fromTurn, DaprNames.MemberRegistry, DaprNames.FirstShard, registry => registry.Images(workers), cancel);

    public Task OrderFailed(string worker, string service, string why, CancellationToken cancel) => Call(
        fromTurn, DaprNames.MemberRegistry, DaprNames.FirstShard,
        Nothing<IMemberRegistry>(registry => registry.OrderFailed(worker, service, why)), cancel);

    public Task WaitForRoom(string service) => Call(
        fromTurn, DaprNames.MemberRegistry, DaprNames.FirstShard, Nothing<IMemberRegistry>(registry => registry.WaitsForRoom(service)),
            CancellationToken.None);

    public Task Tell(EventNews news, CancellationToken cancel) => Call(
        patient, DaprNames.EventLog, DaprNames.FirstShard, Nothing<IEventLog>(events => events.Tell(news)), cancel);

    public Task<EventPage> Page(EventQuestion question, CancellationToken cancel) => Call<IEventLog, EventPage>(
        patient, DaprNames.EventLog, DaprNames.FirstShard, events => events.Page(question), cancel);

    private Task<T> Directory<T>(PatientCalls calls, Func<IServiceDirectory, Task<T>> call, CancellationToken cancel) =>
        Call(calls, DaprNames.ServiceDirectory, DaprNames.FirstShard, call, cancel);

    private async Task<TResult> Call<TActor, TResult>(
        PatientCalls calls, string type, string id, Func<TActor, Task<TResult>> call, CancellationToken cancel)
        where TActor : IActor
    {
        var tries = 0;
        // The watch tries whether that is over; whoever waits for an answer here would wait for nothing.
        if (sidecar.Problem is { } problem)
            throw new NoAnswerException($"{type} '{id}'", new HttpRequestException(problem)) { IsSent = false };
        var ended = await breakers.Through(type, () => calls.Settled(
            within =>
            {
                if (tries++ > 0) metrics.CallRepeated(type);
                return call(proxies.CreateActorProxy<TActor>(new ActorId(id), type)).WaitAsync(within);
            }, cancel));
        if (ended.IsCompletedSuccessfully)
        {
            sidecar.Answered();
            return ended.Result;
        }

        var failure = PatientCalls.FailureOf(ended);
        if (IsAnswer(failure)) sidecar.Answered();
        if (InOurWords(failure, type, id, cancel) is { } told) throw told;
        return await ended;
    }

    /// <summary>What callers are told of a failure; none when they gave up, or when it is nothing that a call may meet.</summary>
    private static Exception? InOurWords(Exception failure, string type, string id, CancellationToken cancel) => failure switch
    {
        BrokenCircuitException e => new NoAnswerException($"{type} '{id}'", e.InnerException ?? e) { IsSent = false },
        ActorMethodInvocationException e when Inside(e) == typeof(UnreadableRecordException).FullName =>
            new UnreadableServiceException($"{e.InnerException!.Message}; {UnreadableRecordException.Remedy}"),
        ActorMethodInvocationException e when Inside(e) == typeof(StoreTroubleException).FullName =>
            new NoAnswerException($"{type} '{id}'", e.InnerException!),
        ActorMethodInvocationException e when !IsPassing(e) => new ActorDefectException(type, id, e),
        _ when IsPassing(failure) && !cancel.IsCancellationRequested => new NoAnswerException($"{type} '{id}'", failure),
        _ => null,
    };

    /// <summary>An actor that fails has been reached.</summary>
    private static bool IsAnswer(Exception failure) => failure is ActorMethodInvocationException;

    private static Func<TActor, Task<bool>> Nothing<TActor>(Func<TActor, Task> call) => async actor =>
    {
        await call(actor);
        return true;
    };

    /// <summary>
    /// What may be over when asked again: an actor on the move, a sidecar that starts, a store that hangs. Never a mistake of ours.
    /// </summary>
    private static bool IsPassing(Exception e) => e switch
    {
        ActorMethodInvocationException { InnerException: ActorInvokeException } inside => PassingInside.Contains(Inside(inside)!),
        DaprException or HttpRequestException or TimeoutException or OperationCanceledException => true,
        _ => false,
    };

    /// <summary>The type of what an actor itself met, by its full name.</summary>
    private static string? Inside(ActorMethodInvocationException e) => (e.InnerException as ActorInvokeException)?.ActualExceptionType;

    /// <summary>The same, of what an actor itself met. A store that fails is not asked again: the keeper tells at once.</summary>
    private static HashSet<string> PassingInside { get; } = new[]
    {
        typeof(RecordConflictException), typeof(NoAnswerException), typeof(TimeoutException), typeof(OperationCanceledException),
            typeof(TaskCanceledException),
        typeof(DaprException), typeof(DaprApiException), typeof(HttpRequestException),
    }.Select(type => type.FullName!).ToHashSet(StringComparer.Ordinal);

    [LoggerMessage(LogLevel.Debug, "A call to an actor failed and is tried again: {Error}")]
    private partial void LogRetry(string error);
}

/// <summary>A service is there, and its record cannot be read; the message says what can be done about it.</summary>
internal sealed class UnreadableServiceException(string message) : Exception(message);

/// <summary>An actor failed in a way that nobody expected: asking again would not help.</summary>
internal sealed class ActorDefectException(string type, string id, Exception inner)
    : Exception($"{type} '{id}' failed: {inner.InnerException?.Message}", inner);
