using Orchestrator.Contracts.Events;

namespace Orchestrator.ControlPlane.Events;

/// <summary>Takes what the keepers of this master see, and carries it to where events are kept as soon as may be; it never fails.</summary>
internal interface IEvents
{
    void Tell(ServiceNews news);

    void Tell(MemberNews news);

    /// <summary>Counts news that had to be given up: after another one, how things are is to be told in full.</summary>
    int GivenUp { get; }
}

/// <summary>Calls to the log of events, wherever it lives.</summary>
internal interface IEventCalls
{
    /// <exception cref="Exception">No answer within the budget, or one of a mistake.</exception>
    Task Tell(EventNews news, CancellationToken cancel);

    /// <exception cref="Exception">No answer within the budget, or one of a mistake.</exception>
    Task<EventPage> Page(EventQuestion question, CancellationToken cancel);
}
