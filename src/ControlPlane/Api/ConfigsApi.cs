using System.Text;
using System.Text.Unicode;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Configs: as secrets, but that everybody who may look sees their values.</summary>
internal static class ConfigsApi
{
    public static IEndpointRouteBuilder MapConfigs(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/configs", List).AlsoHead().WithTags("Configs").As(new(
            "ListConfigs", "All configs without their values, and who uses them")
        {
            Answers = [new(StatusCodes.Status200OK, typeof(ConfigList), "All of them, by name.")],
        });
        var config = routes.MapGroup("/configs/{name}").WithTags("Configs");
        config.MapGet("", Get).AlsoHead().As(new("GetConfig", "A config with the value of its newest version")
        {
            Answers = [new(StatusCodes.Status200OK, typeof(ConfigView), "The config.")],
            Problems = [StatusCodes.Status404NotFound],
        });
        config.MapPut("", Put).As(new("SetConfig", "Set a config: a new value makes a new version, and rolls the services that follow")
        {
            Body = new(typeof(ConfigValue)),
            Answers = ContentCalls.SetAnswers,
            Problems = [StatusCodes.Status409Conflict],
        });
        config.MapDelete("", Delete).As(ContentCalls.DeleteRoute("DeleteConfig", "config"));
        return routes;
    }

    private static async Task<IResult> List(ContentStore contents, ServiceLines lines, CancellationToken cancel)
    {
        var (all, services) = (await contents.Current(), await lines.All(cancel));
        return TypedResults.Ok(new ConfigList(
            all.Configs.Where(it => it.Versions.Count > 0).Select(it => View(it, services, all)).ToValueList()));
    }

    private static async Task<IResult> Get(string name, ContentStore contents, ServiceLines lines, CancellationToken cancel)
    {
        var all = await contents.Current();
        if (all.Find(ContentKind.Config, name) is not { } item) return ContentCalls.Unknown(ContentKind.Config, name);
        var value = await contents.Read(ContentKind.Config, name, item.Newest);
        var isText = Utf8.IsValid(value) && !value.Contains((byte)0);
        return TypedResults.Ok(View(item, await lines.All(cancel), all) with
        {
            Value = isText ? Encoding.UTF8.GetString(value) : null, Base64 = isText ? null : Convert.ToBase64String(value),
        });
    }

    private static async Task<IResult> Put(
        string name, HttpRequest request, ContentStore contents, ServiceLines lines, ContentRollouts rollouts, CancellationToken cancel,
        bool dryRun = false, string? why = null)
    {
        if (ContentNames.Problem(name) is { } problem) return Problems.Invalid([new("name", problem)]);
        var (given, refusal) = await RequestBody.Read<ConfigValue>(request, cancel);
        if (refusal is not null) return refusal;
        var (value, no) = ContentCalls.Value(given!.Value, given.Base64);
        if (no is not null) return no;
        if (dryRun) return await ContentCalls.Plan(ContentKind.Config, name, value, contents, lines, cancel);
        return await ContentCalls.Set(ContentKind.Config, name, contents, lines, rollouts, request,
            (who, used) => contents.Set(ContentKind.Config, name, value!, who, used), cancel);
    }

    private static Task<IResult> Delete(
        string name, ContentStore contents, ServiceLines lines, CancellationToken cancel, bool dryRun = false, string? why = null) =>
        ContentCalls.Delete(ContentKind.Config, name, contents, lines, dryRun, cancel);

    private static ConfigView View(ContentItem item, IEnumerable<ServiceSummary> services, ContentRecord all) => new()
    {
        Name = item.Name, Version = item.Newest, Versions = item.Versions.Select(it => it.ToView()).ToValueList(),
        UsedBy = ContentCalls.Users(ContentKind.Config, item, services, all),
    };
}
