using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;

namespace Orchestrator.ControlPlane.Api;

/// <summary>What the routes of secrets and configs share.</summary>
internal static class ContentCalls
{
    /// <summary>Exactly one of the two; the reason when it is not so, which never tells a value.</summary>
    public static (byte[]? Value, IResult? Refusal) Value(string? text, string? base64)
    {
        if (text is null == base64 is null) return (null, Problems.Invalid([new("value", "is required, or base64 in its place")]));
        byte[] value;
        if (text is not null) value = Encoding.UTF8.GetBytes(text);
        else if (!TryBase64(base64!, out value)) return (null, Problems.Invalid([new("base64", "is not base64")]));
        return value.Length <= ContentStore.LargestValue ? (value, null)
            : (null, Problems.Invalid([new(text is null ? "base64" : "value", $"is larger than {ContentStore.LargestValue} bytes")]));
    }

    /// <summary>Sets a new version and rolls those who follow.</summary>
    public static async Task<IResult> Set(
        ContentKind kind, string name, ContentStore contents, ServiceLines lines, ContentRollouts rollouts, HttpRequest request,
        Func<string, Func<string, IReadOnlySet<int>>, Task<(int, string?)>> set, CancellationToken cancel)
    {
        var services = await lines.All(cancel);
        var who = ServiceCalls.Who(request);
        var (version, problem) = await set(
            who, item => ServiceLines.Using(services, kind, item).Select(it => it.Use.Version).ToHashSet());
        if (problem is not null) return Problems.Of(StatusCodes.Status409Conflict, problem);
        var rolls = await rollouts.Roll(services, await contents.Current(), who, cancel);
        var stays = ServiceLines.Using(services, kind, name)
            .Where(it => it.Use is { InForce: true, Follows: false } && it.Use.Version < version).Select(it => it.Service.Name);
        return TypedResults.Ok(new ContentChanged(name, version, rolls, stays.Distinct().ToValueList()));
    }

    /// <summary>What a new value would do.</summary>
    /// <param name="value">None when somebody else keeps it, so that it may be another one.</param>
    public static async Task<IResult> Plan(
        ContentKind kind, string name, byte[]? value, ContentStore contents, ServiceLines lines, CancellationToken cancel)
    {
        if (value is not null && await contents.IsNewest(kind, name, value) is { } same)
            return TypedResults.Ok(new PlanView([], [$"version {same} has this value already: nothing would change"]));
        var next = ((await contents.Current()).Of(kind).FirstOrDefault(it => it.Name == name)?.Last ?? 0) + 1;
        var users = ServiceLines.Using(await lines.All(cancel), kind, name).Where(it => it.Use.InForce).ToLookup(it => it.Use.Follows);
        return TypedResults.Ok(new PlanView(
            [
                new("set", name, "", $"it would be version {next}"),
                .. users[true].Select(it => new PlanStepView(
                    "roll", it.Service.Name, "", $"it runs with version {it.Use.Version} and follows", "the new version is there")),
            ],
            [.. users[false].Select(it => $"{it.Service.Name} stays with version {it.Use.Version}, because it says rotate: manual")]));
    }

    /// <summary>Deletes what nobody uses.</summary>
    public static async Task<IResult> Delete(
        ContentKind kind, string name, ContentStore contents, ServiceLines lines, bool dryRun, CancellationToken cancel)
    {
        if ((await contents.Current()).Find(kind, name) is not { } item) return Unknown(kind, name);
        var services = await lines.All(cancel);
        if (services.FirstOrDefault(ServiceLines.IsSilent) is { } silent)
        {
            return Problems.Of(StatusCodes.Status409Conflict,
                $"whether {kind.Word()} '{name}' is used cannot be told: of service '{silent.Name}' nothing is known ({silent.Waiting})");
        }

        var users = Users(kind, item, services, await contents.Current());
        if (users.Count > 0)
        {
            var words = users.Select(it => it.Service is { } service ? $"service '{service}'" : $"registry '{it.Registry}'").Distinct();
            return Problems.Of(StatusCodes.Status409Conflict, $"{kind.Word()} '{name}' is used by {string.Join(", ", words)}");
        }

        if (dryRun) return TypedResults.Ok(new PlanView([new("delete", name, "", "nobody uses it")], []));
        return await contents.Delete(kind, name) ? TypedResults.NoContent() : Unknown(kind, name);
    }

    /// <summary>Services by name, then registries.</summary>
    public static ValueList<ContentUser> Users(
        ContentKind kind, ContentItem item, IEnumerable<ServiceSummary> services, ContentRecord all)
    {
        var registries = kind == ContentKind.Secret ? all.Registries.Where(it => it.PasswordSecret == item.Name) : [];
        return ServiceLines.Using(services, kind, item.Name)
            .Select(it => new ContentUser(Service: it.Service.Name, Version: it.Use.Version))
            .OrderBy(it => it.Service, StringComparer.Ordinal).ThenBy(it => it.Version)
            .Concat(registries.Select(it => new ContentUser(Registry: it.Host))).Distinct().ToValueList();
    }

    public static ProblemHttpResult Unknown(ContentKind kind, string name) =>
        Problems.Of(StatusCodes.Status404NotFound, $"there is no {kind.Word()} '{name}'");

    public static DescribedRoute DeleteRoute(string id, string what) => new(id, $"Delete a {what} that nobody uses")
    {
        Answers =
        [
            new(StatusCodes.Status204NoContent, null, "Done."),
            new(StatusCodes.Status200OK, typeof(PlanView), "A dry run: what would be deleted.", "dryRun"),
        ],
        Problems = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict],
    };

    public static Answer[] SetAnswers =>
    [
        new(StatusCodes.Status200OK, typeof(ContentChanged), "Done."),
        new(StatusCodes.Status200OK, typeof(PlanView), "A dry run: which services would be rolled.", "dryRun"),
    ];

    private static bool TryBase64(string text, out byte[] value)
    {
        value = new byte[text.Length];
        var good = Convert.TryFromBase64String(text, value, out var count);
        value = good ? value[..count] : [];
        return good;
    }
}
