using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts.Maintenance;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Maintenance;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Taking workers out to work on their machines, one or one after the other.</summary>
internal static class MaintenanceApi
{
    private static readonly TimeSpan UsualDeadline = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(168);

    public static IEndpointRouteBuilder MapMaintenance(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/maintenance").WithTags("Maintenance");
        all.MapGet("", List).AlsoHead().As(new("ListMaintenance", "Which workers are taken out, what holds them, and who is next")
        {
            Answers = [new(Status200OK, typeof(MaintenanceList), "All of it.")],
        });
        all.MapPost("", Begin).As(new("BeginMaintenanceRound", "Take workers out one after the other; each is waited for until it is back")
        {
            Body = new(typeof(MaintenanceRoundWish), MayBeAbsent: true),
            Answers = [new(Status202Accepted, typeof(MaintenanceRound), "Accepted: it goes on by itself.")],
            Problems = [Status409Conflict],
        });
        all.MapDelete("", Stop).As(new("StopMaintenanceRound", "Take no further worker out; those that are out stay so")
        {
            Answers = [new(Status204NoContent, null, "Done.")],
            Problems = [Status409Conflict],
        });
        var worker = routes.MapGroup("/workers/{name}/maintenance").WithTags("Maintenance");
        worker.MapPost("", TakeOut).As(new("BeginMaintenance", "Drain a worker, and say when it is empty and may be worked on")
        {
            Body = new(typeof(MaintenanceWish), MayBeAbsent: true),
            Answers = [new(Status202Accepted, typeof(MaintenanceView), "Accepted: it goes on by itself.")],
            Problems = [Status404NotFound],
        });
        worker.MapDelete("", End).As(new("EndMaintenance", "The worker takes instances again")
        {
            Answers = [new(Status204NoContent, null, "Done.")],
            Problems = [Status404NotFound],
        });
        return routes;
    }

    private static async Task<IResult> List(MaintenanceStore store)
    {
        var record = await store.Current();
        return TypedResults.Ok(new MaintenanceList(record.Workers.Select(it => it.Told).ToValueList(), record.Round));
    }

    private static async Task<IResult> TakeOut(
        string name, HttpRequest request, WorkerHolds workers, MaintenanceStore store, IMaintenanceWork work, TimeProvider clock,
        CancellationToken cancel)
    {
        var (wish, refusal) = await RequestBody.ReadOrNothing<MaintenanceWish>(request, cancel);
        if (refusal is not null) return refusal;
        if (Problems(wish!.Reason, wish.Deadline).ToList() is { Count: > 0 } problems) return Api.Problems.Invalid(problems);
        if (await workers.Find(name, cancel) is null) return Unknown(name);
        var record = await store.Change(it => MaintenanceCourse.TakeOut(
            it, name, ServiceCalls.Who(request), wish.Reason, wish.Deadline ?? UsualDeadline, clock.GetUtcNow()));
        work.Begin();
        return TypedResults.Json(record.Find(name)!.Told, statusCode: Status202Accepted);
    }

    private static async Task<IResult> End(
        string name, MaintenanceStore store, IMaintenanceWork work, TimeProvider clock, bool rebalance = false)
    {
        var isThere = false;
        await store.Change(record =>
        {
            var it = record.Find(name);
            isThere = it is not null;
            return it is null ? record : MaintenanceCourse.End(record, it, rebalance, clock.GetUtcNow());
        });
        if (!isThere) return Api.Problems.Of(Status404NotFound, $"worker '{name}' is not in maintenance");
        work.Begin();
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Begin(
        HttpRequest request, ActorCalls actors, MaintenanceStore store, IMaintenanceWork work, TimeProvider clock, CancellationToken cancel)
    {
        var (wish, refusal) = await ReadRound(request, cancel);
        if (refusal is not null) return refusal;
        var known = (await actors.Registry(registry => registry.Members(), cancel)).Members.Where(it => it.Role == MemberRole.Worker)
            .Select(it => it.Name).Order(StringComparer.Ordinal).ToValueList();
        var problems = Problems(wish!.Reason, wish.Deadline).ToList();
        if (wish.AtATime is < 1 or > 100) problems.Add(new("atATime", $"is {wish.AtATime}; allowed are 1 to 100"));
        if (wish.Workers is { Count: > 1000 }) problems.Add(new("workers", "has more than 1000 entries"));
        foreach (var (at, name) in (wish.Workers ?? []).Index())
        {
            if (!known.Contains(name)) problems.Add(new($"workers[{at}]", $"no worker is named '{name}'"));
            else if (wish.Workers!.Take(at).Contains(name)) problems.Add(new($"workers[{at}]", $"{name} is there twice"));
        }

        if (problems.Count > 0) return Api.Problems.Invalid(problems);
        var isBusy = false;
        var round = new MaintenanceRound
        {
            State = MaintenanceRoundState.Running, Who = ServiceCalls.Who(request), At = clock.GetUtcNow(), Reason = wish.Reason,
            AtATime = wish.AtATime, Deadline = wish.Deadline ?? UsualDeadline, Waiting = wish.Workers ?? known,
        };
        await store.Change(record =>
        {
            isBusy = record.Round is { State: MaintenanceRoundState.Running };
            return isBusy ? record : record with { Round = round };
        });
        if (isBusy) return Api.Problems.Of(Status409Conflict, "a round of maintenance is under way; stop it with DELETE /maintenance");
        work.Begin();
        return TypedResults.Json(round, statusCode: Status202Accepted);
    }

    /// <summary>"all" in place of names is the same as none.</summary>
    private static async Task<(MaintenanceRoundWish? Wish, IResult? Refusal)> ReadRound(HttpRequest request, CancellationToken cancel)
    {
        var (body, refusal) = await RequestBody.ObjectOrNothing(request, cancel);
        if (refusal is not null) return (null, refusal);
        if (body?["workers"] is JsonValue value && value.TryGetValue<string>(out var word))
        {
            if (word == MaintenanceRoundWish.All) body!.Remove("workers");
            else return (null, Api.Problems.Invalid([new("workers", $"is a list of names, or \"{MaintenanceRoundWish.All}\"")]));
        }

        return RequestBody.As<MaintenanceRoundWish>(body ?? []);
    }

    private static async Task<IResult> Stop(HttpRequest request, MaintenanceStore store, TimeProvider clock)
    {
        var isThere = false;
        await store.Change(record =>
        {
            isThere = record.Round is { State: MaintenanceRoundState.Running };
            return !isThere ? record : record with
            {
                Round = record.Round! with
                {
                    State = MaintenanceRoundState.Stopped, EndedAt = clock.GetUtcNow(), Note = $"stopped by {ServiceCalls.Who(request)}",
                },
            };
        });
        return isThere ? TypedResults.NoContent() : Api.Problems.Of(Status409Conflict, "no round of maintenance is under way");
    }

    private static IEnumerable<FieldProblem> Problems(string reason, TimeSpan? deadline)
    {
        if (reason.Length > 1000) yield return new("reason", "is longer than 1000 characters");
        if (deadline is { } time && (time < Shortest || time > Longest))
        {
            yield return new("deadline",
                $"is {Durations.Format(time)}; allowed are {Durations.Format(Shortest)} to {Durations.Format(Longest)}");
        }
    }

    private static ProblemHttpResult Unknown(string name) => Api.Problems.Of(Status404NotFound, $"no worker is named '{name}'");
}
