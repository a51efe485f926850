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
    private const int AskedAtATime = 16;

    private static readonly Dictionary<string, ServiceState> States = Enum.GetValues<ServiceState>()
        .ToDictionary(state => JsonNamingPolicy.KebabCaseLower.ConvertName($"{state}"), StringComparer.Ordinal);

    public static async Task<IResult> List(
        ActorCalls actors, IDirectory directory, StoreCheck store, CancellationToken cancel, string? after = null,
        [Range(1, LargestPage)] int limit = PageSize, string? label = null, string? state = null, string? worker = null)
    {
        var problems = Problems(label, state).ToList();
        if (worker is not null && await Unknown(worker, actors, cancel) is { } unknown) problems.Add(unknown);
        if (problems.Count > 0) return Api.Problems.Invalid(problems);

        var filter = new ServiceFilter(Key(label), Value(label), state is null ? null : States[state], worker);
        await directory.Arrived(cancel);
        var page = await actors.List(new DirectoryQuestion(after, limit, filter), cancel);
        if (page.Unknown.Count > 0) page = page with { Services = await WithAsked(page, filter, actors, cancel) };
        var stale = await store.AwayFor(cancel);
        return TypedResults.Ok(new ServiceList(page.Services, page.Next, stale is not null, stale));
    }

    /// <summary>The lines, and those of the services that had to be asked themselves.</summary>
    private static async Task<ValueList<ServiceSummary>> WithAsked(
        DirectoryPage page, ServiceFilter filter, ActorCalls actors, CancellationToken cancel)
    {
        var asked = new ServiceSummary?[page.Unknown.Count];
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = AskedAtATime, CancellationToken = cancel };
        await Parallel.ForAsync(0, asked.Length, atATime,
            async (at, stop) => asked[at] = await Ask(page.Unknown[at], actors, stop));
        return page.Services.Concat(asked.OfType<ServiceSummary>().Where(filter.Takes))
            .OrderBy(line => line.Name, StringComparer.Ordinal).ToValueList();
    }

    /// <summary>One service that cannot tell how it is does not fail the list.</summary>
    private static async Task<ServiceSummary?> Ask(string service, ActorCalls actors, CancellationToken cancel)
    {
        try
        {
            return await actors.Service(service, master => master.Summary(), cancel);
        }
        catch (NoAnswerException e)
        {
            return new()
            {
                Name = service, Image = "", Revision = 0, Wanted = 0, Observed = false, State = ServiceState.Unknown, Waiting = e.Message,
            };
        }
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
