using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Description;

namespace Orchestrator.ControlPlane.Api;

/// <summary>How the workers log in to registries. Passwords come in and never go out.</summary>
internal static class RegistriesApi
{
    private const int LongestName = 255;
    private const int LongestPassword = 16 * 1024;

    public static IEndpointRouteBuilder MapRegistries(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/registries", List).AlsoHead().WithTags("Registries").As(new("ListRegistries", "The registries that have a login")
        {
            Answers = [new(StatusCodes.Status200OK, typeof(RegistryList), "All of them, by host.")],
        });
        var registry = routes.MapGroup("/registries/{host}").WithTags("Registries");
        registry.MapGet("", Get).AlsoHead().As(new("GetRegistry", "How the workers log in to a registry, without the password")
        {
            Answers = [new(StatusCodes.Status200OK, typeof(RegistryView), "The login.")],
            Problems = [StatusCodes.Status404NotFound],
        });
        registry.MapPut("", Put).As(new("SetRegistry", "Say how the workers log in to a registry; it counts from the next pull on")
        {
            Body = new(typeof(RegistryLogin)),
            Answers =
            [
                new(StatusCodes.Status200OK, typeof(RegistryView), "Done."),
                new(StatusCodes.Status200OK, typeof(PlanView), "A dry run: what would be set.", "dryRun"),
            ],
        });
        registry.MapDelete("", Delete).As(new("DeleteRegistry", "Forget the login; the registry is asked without one then")
        {
            Answers =
            [
                new(StatusCodes.Status204NoContent, null, "Done."),
                new(StatusCodes.Status200OK, typeof(PlanView), "A dry run: what would be forgotten.", "dryRun"),
            ],
            Problems = [StatusCodes.Status404NotFound],
        });
        return routes;
    }

    private static async Task<IResult> List(ContentStore contents) =>
        TypedResults.Ok(new RegistryList((await contents.Current()).Registries.Select(it => it.ToView()).ToValueList()));

    private static async Task<IResult> Get(string host, ContentStore contents) =>
        await Find(host, contents) is { } found ? TypedResults.Ok(found.ToView()) : Unknown(host);

    private static async Task<IResult> Put(
        string host, HttpRequest request, ContentStore contents, CancellationToken cancel, bool dryRun = false, string? why = null)
    {
        if (ContentNames.HostProblem(host) is { } problem) return Problems.Invalid([new("host", problem)]);
        var (login, refusal) = await RequestBody.Read<RegistryLogin>(request, cancel);
        if (refusal is not null) return refusal;
        if (Wrong(login!).ToList() is { Count: > 0 } problems) return Problems.Invalid(problems);
        var of = ImageReference.HostOf(host);
        if (dryRun) return Plan("set", of, await Find(of, contents) is null ? "it has no login now" : "its login would be another one");
        if (await contents.SetRegistry(of, login!, ServiceCalls.Who(request)) is { } no) return Problems.Invalid([new("", no)]);
        return TypedResults.Ok((await Find(of, contents))!.ToView());
    }

    private static async Task<IResult> Delete(string host, ContentStore contents, bool dryRun = false, string? why = null)
    {
        if (dryRun) return await Find(host, contents) is { } it ? Plan("delete", it.Host, "it would be asked without a login")
            : Unknown(host);
        return await contents.DeleteRegistry(ImageReference.HostOf(host)) ? TypedResults.NoContent() : Unknown(host);
    }

    private static Ok<PlanView> Plan(string kind, string host, string reason) =>
        TypedResults.Ok(new PlanView([new(kind, host, "", $"{reason}; it counts from the next pull on")], []));

    private static IEnumerable<FieldProblem> Wrong(RegistryLogin login)
    {
        if (login.Helper is { } helper)
        {
            if (ContentNames.Problem(helper) is { } problem) yield return new("helper", problem);
            if (login.Username is not null || login.Password is not null || login.PasswordSecret is not null)
                yield return new("helper", "knows user name and password itself; name it alone");
            yield break;
        }

        if (login.Username is not { Length: > 0 and <= LongestName } || login.Username.Contains(':', StringComparison.Ordinal))
            yield return new("username", $"is required, of 1 to {LongestName} characters and without ':', unless a helper is named");
        if (login.Password is null == login.PasswordSecret is null)
            yield return new("password", "is required, or passwordSecret in its place");
        if (login.Password is { Length: 0 or > LongestPassword })
            yield return new("password", $"has 1 to {LongestPassword} characters");
        if (login.PasswordSecret is { } secret && ContentNames.Problem(secret) is { } bad) yield return new("passwordSecret", bad);
    }

    private static async Task<RegistryRecord?> Find(string host, ContentStore contents)
    {
        var of = ImageReference.HostOf(host);
        return (await contents.Current()).Registries.FirstOrDefault(it => it.Host == of);
    }

    private static ProblemHttpResult Unknown(string host) => Problems.Of(StatusCodes.Status404NotFound, $"registry '{host}' has no login");
}
