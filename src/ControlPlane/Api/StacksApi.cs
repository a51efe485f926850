using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Stacks;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace Orchestrator.ControlPlane.Api;

/// <summary>The routes of stacks: applications of several services as one thing.</summary>
internal static class StacksApi
{
    private const string Tag = "Stacks";
    private const int PageSize = 100;
    private const int LargestPage = 500;

    /// <summary>A stack is stored three times over: as it is wished for, as it was, and as it proved good.</summary>
    private const int MaxBytes = 512 * 1024;

    public static IEndpointRouteBuilder MapStacks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/stacks", List).AlsoHead().WithTags(Tag).As(new("ListStacks", "All stacks, by name; pages with after and limit")
        {
            Answers = [new(Status200OK, typeof(StackList), "A page.")],
        });
        var stack = routes.MapGroup("/stacks/{name}").WithTags(Tag);
        stack.MapGet("", Get).AlsoHead().As(new("GetStack", "One stack: its services as they are now, and its deployments")
        {
            Answers = [new(Status200OK, typeof(StackView), "The stack.") { HasTag = true }],
            Problems = [Status404NotFound, Status409Conflict],
        });
        stack.MapPut("", Deploy).As(StackCalls.Described(
            "DeployStack",
            "Deploy a stack, which is told whole: services in the order of their dependencies, and all goes back if one fails") with
        {
            Body = new(typeof(StackSpec)),
        });
        stack.MapDelete("", Remove).As(StackCalls.Described(
            "RemoveStack", "Remove all services of a stack, in reverse order, and forget it"));
        stack.MapPost("/rollback", RollBack).As(StackCalls.Described(
            "RollBackStack", "Deploy again what proved good before, or an earlier deployment that did") with
        {
            Body = new(typeof(RollStackBackTo), MayBeAbsent: true),
        });
        MapAction(stack, "/restart", new RestartStack(), "RestartStack", "Restart all services, in the order of their dependencies");
        MapDecision(stack, "/cancel", new CancelDeployment(), "CancelDeployment",
            "Have the deployment under way go back to what was before");
        MapDecision(stack, "/resume", new ResumeDeployment(), "ResumeDeployment", "Try again what made a deployment stop");
        stack.MapGet("/deployments/{deployment}", Deployment).AlsoHead().As(new(
            "GetDeployment", "One deployment: its waves, and how far it has come")
        {
            Answers = [new(Status200OK, typeof(StackDeployment), "The deployment.")],
            Problems = [Status404NotFound, Status409Conflict],
        });
        return routes;
    }

    private static void MapAction(RouteGroupBuilder stack, string route, StackChange change, string id, string summary) => stack.MapPost(
        route, (string name, HttpRequest request, StackCalls calls, CancellationToken cancel, bool dryRun = false, string? why = null) =>
            calls.Change(name, change, request, dryRun, why, cancel)).As(StackCalls.Described(id, summary));

    private static void MapDecision(RouteGroupBuilder stack, string route, StackChange change, string id, string summary) => stack.MapPost(
        route, (string name, HttpRequest request, StackCalls calls, CancellationToken cancel, string? why = null) =>
            calls.Change(name, change, request, dryRun: false, why, cancel)).As(StackCalls.Described(id, summary, hasDryRun: false));

    private static async Task<IResult> List(
        ActorCalls actors, IStackList list, CancellationToken cancel, string? after = null,
        [Range(1, LargestPage)] int limit = PageSize)
    {
        var names = (await list.Names()).Where(it => after is null || string.CompareOrdinal(it, after) > 0).Take(limit + 1).ToList();
        var page = names.Take(limit).ToList();
        var lines = await Task.WhenAll(page.Select(name => actors.Stack(name, master => master.Summary(), cancel)));
        return TypedResults.Ok(new StackList(lines.OfType<StackSummary>().ToValueList(), names.Count > limit ? page[^1] : null));
    }

    private static async Task<IResult> Get(
        string name, HttpResponse response, ActorCalls actors, StackServices services, CancellationToken cancel)
    {
        if (StackNames.Problem(name) is { } problem) return ServiceCalls.BadName(problem);
        var answer = await actors.Stack(name, master => master.Get(), cancel);
        if (answer.Stack is not { } stack) return StackCalls.Unknown(name);
        if (answer.Tag is { } tag) response.Headers.ETag = $"\"{tag}\"";
        var wanted = StackSpecs.All(name, stack.Spec);
        var told = await services.Ask(name, [.. stack.Services.Select(it => it.Name)], cancel);
        var all = stack.Services.Zip(told, (known, it) => StackViews.Service(known, it, wanted[known.Name]));
        return TypedResults.Ok(stack with { Services = all.Where(it => it.Exists || wanted.ContainsKey(it.Name)).ToValueList() });
    }

    private static async Task<IResult> Deployment(string name, string deployment, ActorCalls actors, CancellationToken cancel)
    {
        if (StackNames.Problem(name) is { } problem) return ServiceCalls.BadName(problem);
        if (!long.TryParse(deployment, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            return Problems.Invalid([new("deployment", "is the number of a deployment")]);
        return await actors.Stack(name, master => master.Deployment(number), cancel) is { } found ? TypedResults.Ok(found)
            : Problems.Of(Status404NotFound, $"no deployment {number} of a stack '{name}' is kept");
    }

    private static async Task<IResult> Deploy(
        string name, HttpRequest request, StackCalls calls, CancellationToken cancel, bool dryRun = false, string? why = null)
    {
        if (StackNames.Problem(name) is { } bad) return ServiceCalls.BadName(bad);
        var (body, refusal) = await RequestBody.Object(request, cancel, MaxBytes);
        if (refusal is not null) return refusal;
        var (spec, problems) = StackReading.Of(name, body!);
        return problems.Count > 0 ? Problems.Invalid(problems)
            : await calls.Change(name, new DeploySpec(spec), request, dryRun, why, cancel);
    }

    private static async Task<IResult> RollBack(
        string name, HttpRequest request, StackCalls calls, CancellationToken cancel, bool dryRun = false, string? why = null)
    {
        var (to, refusal) = await RequestBody.ReadOrNothing<RollStackBackTo>(request, cancel);
        return refusal ?? await calls.Change(name, new RollBackStack(to!.Deployment), request, dryRun, why, cancel);
    }

    private static Task<IResult> Remove(
        string name, HttpRequest request, StackCalls calls, CancellationToken cancel, bool dryRun = false, string? why = null) =>
        calls.Change(name, new RemoveStack(), request, dryRun, why, cancel);
}
