using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Exec;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Looking;

namespace Orchestrator.Client.Looking;

/// <summary>Single instances, by their names: <c>web-1-r1-a1</c>.</summary>
public sealed class InstancesApi
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(1);

    private readonly Road road;

    internal InstancesApi(Road road) => this.road = road;

    public Task<InstanceDetails> Get(string instance, CancellationToken cancel = default) =>
        road.Ask<InstanceDetails>(Question.Get(Question.Below("instances", instance)), cancel);

    /// <inheritdoc cref="FollowedLog"/>
    public IAsyncEnumerable<LogLine> Logs(string instance, LogWish? wish = null, CancellationToken cancel = default) =>
        new FollowedLog(road, $"{Question.Below("instances", instance)}/logs", (wish ?? new()) with { Instance = null }).Lines(cancel);

    public Task<InstanceStats> Stats(string instance, CancellationToken cancel = default) =>
        road.Ask<InstanceStats>(Question.Get($"{Question.Below("instances", instance)}/stats"), cancel);

    /// <summary>A sample again and again, until the instance ends.</summary>
    /// <param name="every">1 to 60 seconds.</param>
    public IAsyncEnumerable<InstanceStats> WatchStats(string instance, int every = 2, CancellationToken cancel = default) =>
        Samples.Of(road, Question.Below("instances", instance), every, cancel);

    public Task<ProcessTable> Processes(string instance, CancellationToken cancel = default) =>
        road.Ask<ProcessTable>(Question.Get($"{Question.Below("instances", instance)}/top"), cancel);

    /// <summary>Runs a program to its end, for a minute at most. It is never begun twice: when its answer is lost, so is its end.</summary>
    public Task<ExecAnswer> Run(string instance, ExecRequest program, CancellationToken cancel = default) =>
        road.Ask<ExecAnswer>(
            new Question(HttpMethod.Post, $"{Question.Below("instances", instance)}/exec") { Body = program, TakesLonger = LongestRun },
            cancel);

    /// <summary>Runs a program and talks to it.</summary>
    public Task<ExecSession> Talk(string instance, ExecWish program, CancellationToken cancel = default) =>
        ExecSession.Begin(road, instance, program, cancel);
}
