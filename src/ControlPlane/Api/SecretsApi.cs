using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Secrets: a value comes in and never goes out here; only instances are given it.</summary>
internal static class SecretsApi
{
    public static IEndpointRouteBuilder MapSecrets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/secrets", List).AlsoHead().WithTags("Secrets").As(new(
            "ListSecrets", "All secrets without their values, and who uses them")
        {
            Answers = [new(StatusCodes.Status200OK, typeof(SecretList), "All of them, by name.")],
        });
        var secret = routes.MapGroup("/secrets/{name}").WithTags("Secrets");
        secret.MapGet("", Get).AlsoHead().As(new("GetSecret", "A secret without its value: versions, and who uses it")
        {
            Answers = [new(StatusCodes.Status200OK, typeof(SecretView), "The secret.")],
            Problems = [StatusCodes.Status404NotFound],
        });
        secret.MapPut("", Put).As(new("SetSecret", "Set a secret: a new value makes a new version, and rolls the services that follow")
        {
            Body = new(typeof(SecretValue)),
            Answers = ContentCalls.SetAnswers,
            Problems = [StatusCodes.Status409Conflict],
        });
        secret.MapDelete("", Delete).As(ContentCalls.DeleteRoute("DeleteSecret", "secret"));
        return routes;
    }

    private static async Task<IResult> List(ContentStore contents, ServiceLines lines, CancellationToken cancel)
    {
        var (all, services) = (await contents.Current(), await lines.All(cancel));
        return TypedResults.Ok(new SecretList(
            all.Secrets.Where(it => it.Versions.Count > 0).Select(it => View(it, services, all)).ToValueList()));
    }

    private static async Task<IResult> Get(string name, ContentStore contents, ServiceLines lines, CancellationToken cancel)
    {
        var all = await contents.Current();
        return all.Find(ContentKind.Secret, name) is { } item ? TypedResults.Ok(View(item, await lines.All(cancel), all))
            : ContentCalls.Unknown(ContentKind.Secret, name);
    }

    private static async Task<IResult> Put(
        string name, HttpRequest request, ContentStore contents, ServiceLines lines, ContentRollouts rollouts, CancellationToken cancel,
        bool dryRun = false, string? why = null)
    {
        if (ContentNames.Problem(name) is { } problem) return Problems.Invalid([new("name", problem)]);
        var (given, refusal) = await RequestBody.Read<SecretValue>(request, cancel);
        if (refusal is not null) return refusal;
        if (given!.From is { } from)
        {
            if (Wrong(given, from).ToList() is { Count: > 0 } problems) return Problems.Invalid(problems);
            if (await contents.Problem(from) is { } missing) return Problems.Invalid([new("from", missing)]);
            if (dryRun) return await ContentCalls.Plan(ContentKind.Secret, name, null, contents, lines, cancel);
            return await ContentCalls.Set(ContentKind.Secret, name, contents, lines, rollouts, request,
                (who, used) => contents.SetElsewhere(name, from, who, used), cancel);
        }

        var (value, no) = ContentCalls.Value(given.Value, given.Base64);
        if (no is not null) return no;
        if (dryRun) return await ContentCalls.Plan(ContentKind.Secret, name, value, contents, lines, cancel);
        return await ContentCalls.Set(ContentKind.Secret, name, contents, lines, rollouts, request,
            (who, used) => contents.Set(ContentKind.Secret, name, value!, who, used), cancel);
    }

    private static Task<IResult> Delete(
        string name, ContentStore contents, ServiceLines lines, CancellationToken cancel, bool dryRun = false, string? why = null) =>
        ContentCalls.Delete(ContentKind.Secret, name, contents, lines, dryRun, cancel);

    private static IEnumerable<FieldProblem> Wrong(SecretValue given, StoreReference from)
    {
        if (given.Value is not null || given.Base64 is not null)
            yield return new("from", "is where the value is; no value is given with it");
        if (ContentNames.Problem(from.Store) is { } store) yield return new("from.store", store);
        if (from.Key is not { Length: > 0 and <= 255 }) yield return new("from.key", "is required, of 1 to 255 characters");
        if (from.Field is { Length: 0 or > 255 }) yield return new("from.field", "has 1 to 255 characters");
    }

    private static SecretView View(ContentItem item, IEnumerable<ServiceSummary> services, ContentRecord all) => new()
    {
        Name = item.Name, Version = item.Newest, Versions = item.Versions.Select(it => it.ToView()).ToValueList(),
        From = item.Versions[^1].From, UsedBy = ContentCalls.Users(ContentKind.Secret, item, services, all),
    };
}
