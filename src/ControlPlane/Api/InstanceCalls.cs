using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Api;

/// <summary>What all routes of instances share.</summary>
internal static class InstanceCalls
{
    public static ProblemHttpResult BadName() =>
        Problems.Invalid([new FieldProblem("id", "is not the name of an instance, such as web-1-r1-a1")]);

    public static ProblemHttpResult Unknown(string id) => Problems.Of(
        StatusCodes.Status404NotFound, $"no service and no worker knows an instance '{id}': it never was, or is no longer kept");
}
