using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.Client.Members;

/// <summary>What is wished of single workers.</summary>
public sealed class WorkersApi
{
    private readonly Road road;

    internal WorkersApi(Road road) => this.road = road;

    /// <summary>Nothing new on this worker, and what is there is moved, start first.</summary>
    public Task Drain(string name, CancellationToken cancel = default) =>
        road.Tell(Question.Post($"{Question.Below("workers", name)}/drain"), cancel);

    /// <summary>The same, and answers when it is empty.</summary>
    /// <param name="seconds">1 to 600; a <see cref="Problems.ProblemException"/> says what holds it when they are over.</param>
    public Task<DrainAnswer> DrainAndWait(string name, int seconds = 60, CancellationToken cancel = default) =>
        road.Ask<DrainAnswer>(
            Question.Post($"{Question.Below("workers", name)}/drain") with
            {
                Query = new() { { "wait", true }, { "timeoutSeconds", seconds } }, TakesLonger = TimeSpan.FromSeconds(seconds),
            }, cancel);

    public Task<PlanView> PlanDrain(string name, CancellationToken cancel = default) =>
        Plan($"{Question.Below("workers", name)}/drain", cancel);

    /// <summary>The worker takes instances again.</summary>
    public Task Undrain(string name, CancellationToken cancel = default) =>
        road.Tell(Question.Post($"{Question.Below("workers", name)}/undrain"), cancel);

    public Task<PlanView> PlanUndrain(string name, CancellationToken cancel = default) =>
        Plan($"{Question.Below("workers", name)}/undrain", cancel);

    private Task<PlanView> Plan(string path, CancellationToken cancel) =>
        road.Ask<PlanView>(Question.Post(path) with { Query = new() { { "dryRun", true } }, Changes = false }, cancel);
}
