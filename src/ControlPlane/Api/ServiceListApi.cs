using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Api;

/// <summary>The list of services: a page is one call to the directory, and one for each service of which that has not heard yet.</summary>
internal static class ServiceListApi
{
    private const int PageSize = 100;
    private const int LargestPage = 500;

    private static readonly Dictionary<string, ServiceState> States = Enum.GetValues<ServiceState>()
        .ToDictionary(state => state.Word(), StringComparer.Ordinal);

    public static async Task<IResult> List(
        ActorCalls actors, ServiceLines lines, IDirectory directory, StoreCheck store, CancellationToken cancel, string? after = null,
        [Range(1, LargestPage)] int limit = PageSize, string? label = null, string? state = null, string? worker = null)
    {
        var problems = Problems(label, state).ToList();
        if (worker is not null && await Unknown(worker, actors, cancel) is { } unknown) problems.Add(unknown);
        if (problems.Count > 0) return Api.Problems.Invalid(problems);

        var filter = new ServiceFilter(Key(label), Value(label), state is null ? null : States[state], worker);
        await directory.Arrived(cancel);
        var page = await actors.List(new DirectoryQuestion(after, limit, filter), cancel);
        if (page.Unknown.Count > 0)
        {
            var asked = (await lines.Asked(page.Unknown, cancel)).Where(filter.Takes);
            page = page with { Services = page.Services.Concat(asked).OrderBy(line => line.Name, StringComparer.Ordinal).ToValueList() };
        }

        var stale = await store.AwayFor(cancel);
        return TypedResults.Ok(new ServiceList(page.Services, page.Next, stale is not null, stale));
    }

    private static IEnumerable<FieldProblem> Problems(string? label, string? state)
    {
        if (label is not null && Key(label) is { Length: 0 }) yield return new FieldProblem("label", "is key=value, or a key alone");
        if (state is not null && !States.ContainsKey(state))
            yield return new FieldProblem("state", $"is not a state; there are {string.Join(", ", States.Keys)}");
    }

    private static async Task<FieldProblem?> Unknown(string worker, ActorCalls actors, CancellationToken cancel)
    {
        var members = (await actors.Registry(registry => registry.Members(), cancel)).Members;
        var workers = members.Where(member => member.Role == MemberRole.Worker).Select(member => member.Name).ToList();
        if (workers.Contains(worker)) return null;
        var known = workers.Count == 0 ? "there are none" : $"there are {string.Join(", ", workers)}";
        return new FieldProblem("worker", $"is not a worker; {known}");
    }

    private static string? Key(string? label) => label?.Split('=', 2)[0];

    private static string? Value(string? label) => label?.Split('=', 2) is [_, var value] ? value : null;
}
