using Dapr.Actors;
using Orchestrator.Contracts.Events;

namespace Orchestrator.Contracts.Actors;

/// <summary>The actor that numbers and keeps what has changed. It waits for no other actor.</summary>
public interface IEventLog : IActor
{
    /// <summary>What follows from it is kept for good once this has answered; told twice, it is taken once.</summary>
    Task Tell(EventNews news);

    /// <summary>A part of the history.</summary>
    Task<EventPage> Page(EventQuestion question);
}
