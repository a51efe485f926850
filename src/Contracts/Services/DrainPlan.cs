using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>Asks one service what it would do if a worker were drained; the services are asked one after the other.</summary>
/// <param name="Taken">What those asked before would take elsewhere.</param>
public sealed record DrainQuestion(string Worker, ValueList<TakenRoom> Taken);

/// <param name="Plan">What this service would do.</param>
/// <param name="Taken">What it would take elsewhere, for the question to the next one.</param>
public sealed record DrainPlan(PlanView Plan, ValueList<TakenRoom> Taken);

/// <summary>Room that an instance would take on a worker.</summary>
public sealed record TakenRoom(string Worker, ResourceAmount Reserve, ValueList<HostPort> HostPorts);
