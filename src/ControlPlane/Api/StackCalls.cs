using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Services;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Asks a StackMaster for a change and turns its answer into HTTP; what all routes of stacks share.</summary>
internal sealed class StackCalls(ActorCalls actors, StackPlans plans)
{
    /// <summary>What all changes of a stack have in common.</summary>
    public static DescribedRoute Described(string id, string summary, bool hasDryRun = true)
    {
        var accepted = new Answer(Status202Accepted, typeof(StackDeployment), "Accepted: the deployment, which goes on by itself.")
        {
            HasTag = true, HasLocation = true,
        };
        return new(id, summary)
        {
            Answers = !hasDryRun ? [accepted]
                : [accepted, new(Status200OK, typeof(StackPlanView), "A dry run: the waves, and what each service would do.", "dryRun")],
            Problems = [Status404NotFound, Status409Conflict, Status412PreconditionFailed],
            IsConditional = true,
        };
    }

    public async Task<IResult> Change(
        string name, StackChange change, HttpRequest request, bool dryRun, string? why, CancellationToken cancel)
    {
        if (StackNames.Problem(name) is { } problem) return ServiceCalls.BadName(problem);
        if (!ServiceCalls.TryTags(request.Headers.IfMatch, out var ifMatch)) return ServiceCalls.BadTags("If-Match");
        if (!ServiceCalls.TryTags(request.Headers.IfNoneMatch, out var ifNoneMatch)) return ServiceCalls.BadTags("If-None-Match");
        if (ServiceCalls.RequestId(request) is not { } id) return ServiceCalls.BadRequestId;
        var response = request.HttpContext.Response;
        response.Headers[DescribedParameters.RequestId] = id;
        var asked = new StackChangeRequest(
            id, change with { Who = ServiceCalls.Who(request), Why = why ?? "" }, DryRun: true, ifMatch, ifNoneMatch);
        var isSent = false;
        try
        {
            // What cannot be is told before anything is touched.
            var planned = await actors.Stack(name, master => master.Change(asked), cancel);
            if (planned.Outcome != ServiceOutcome.Done) return Answer(name, planned, id, response);
            if (planned.Target is { } target)
            {
                var (plan, problems, conflict) = await plans.Of(name, target, cancel);
                if (conflict is not null) return Problems.Of(Status409Conflict, conflict);
                if (problems.Count > 0) return Problems.Invalid(problems);
                if (dryRun) return TypedResults.Ok(plan);
            }
            else if (dryRun)
            {
                return TypedResults.Ok(new StackPlanView([]));
            }

            isSent = true;
            return Answer(name, await actors.Stack(name, master => master.Change(asked with { DryRun = false }), cancel), id, response);
        }
        catch (NoAnswerException e)
        {
            return Problems.Unanswered(isInDoubt: isSent && e.IsSent, id, e.Message, response);
        }
    }

    public static ProblemHttpResult Unknown(string name) => Problems.Of(Status404NotFound, $"there is no stack '{name}'");

    private static IResult Answer(string name, StackAnswer answer, string id, HttpResponse response)
    {
        if (answer.Tag is { } tag) response.Headers.ETag = $"\"{tag}\"";
        return answer.Outcome switch
        {
            ServiceOutcome.Done => Accepted(name, answer.Stack!.Deployment!, response),
            ServiceOutcome.Unknown => Unknown(name),
            ServiceOutcome.Conflict or ServiceOutcome.Exists =>
                Problems.Of(Status409Conflict, string.Join("; ", answer.Problems.Select(it => it.Reason))),
            ServiceOutcome.Overtaken => Problems.Of(Status412PreconditionFailed, answer.Problems[0].Reason),
            ServiceOutcome.NotDone or ServiceOutcome.InDoubt =>
                Problems.Unanswered(answer.Outcome == ServiceOutcome.InDoubt, id, answer.Problems[0].Reason, response),
            _ => Problems.Invalid(answer.Problems),
        };
    }

    private static JsonHttpResult<StackDeployment> Accepted(string name, StackDeployment deployment, HttpResponse response)
    {
        response.Headers.Location = $"/stacks/{name}/deployments/{deployment.Id}";
        return TypedResults.Json(deployment, statusCode: Status202Accepted);
    }
}
