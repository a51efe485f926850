using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Client.Looking;
using Orchestrator.Client.Wire;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Looking;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Client.Services;

/// <summary>Services: what is wished, decided and observed of them.</summary>
public sealed class ServicesApi
{
    private const int LargestPage = 500;

    private readonly Road road;

    internal ServicesApi(Road road) => this.road = road;

    /// <summary>All services by name, page after page as they are asked for.</summary>
    public IAsyncEnumerable<ServiceSummary> List(
        ServiceFilter? which = null, int pageSize = LargestPage, CancellationToken cancel = default) => Listed.All(
        async (after, stop) =>
        {
            var page = await Page(which, after, pageSize, stop);
            return (page.Services.AsEnumerable(), page.Next);
        }, cancel);

    /// <param name="after">What the page before said is next; none is the first page.</param>
    /// <param name="limit">How many at most, 1 to 500.</param>
    public Task<ServiceList> Page(
        ServiceFilter? which = null, string? after = null, int limit = LargestPage, CancellationToken cancel = default) =>
        road.Ask<ServiceList>(
            Question.Get("services") with
            {
                Query = new()
                {
                    { "after", after }, { "limit", limit },
                    { "label", which is { Label: { } key, LabelValue: { } value } ? $"{key}={value}" : which?.Label },
                    { "state", which?.State?.Word() }, { "worker", which?.Worker },
                },
            }, cancel);

    public async Task<ServiceView> Get(string name, CancellationToken cancel = default) => (await GetTagged(name, cancel)).Service;

    /// <summary>With its tag, for a change of what was seen.</summary>
    public async Task<TaggedService> GetTagged(string name, CancellationToken cancel = default)
    {
        using var answer = await road.Ask(
            Question.Get(Question.Below("services", name)), HttpCompletionOption.ResponseContentRead, cancel);
        return await Tagged(answer, cancel);
    }

    /// <summary>None when there is no such service.</summary>
    public Task<ServiceView?> Find(string name, CancellationToken cancel = default) =>
        Listed.OrNone(Get(name, cancel));

    /// <summary>Carries out a wish, once, whichever masters die over it; answers the service as it is to be.</summary>
    public async Task<TaggedService> Change(
        string name, ServiceChange change, ChangeTerms? terms = null, CancellationToken cancel = default)
    {
        using var answer = await road.Ask(
            ChangeForm.Of(name, change, terms, dryRun: false), HttpCompletionOption.ResponseContentRead, cancel);
        return await Tagged(answer, cancel);
    }

    /// <summary>What would be done, and nothing is.</summary>
    public Task<PlanView> Plan(string name, ServiceChange change, ChangeTerms? terms = null, CancellationToken cancel = default) =>
        road.Ask<PlanView>(ChangeForm.Of(name, change, terms, dryRun: true), cancel);

    public Task<TaggedService> Create(string name, ServiceSpec spec, ChangeTerms? terms = null, CancellationToken cancel = default) =>
        Change(name, new CreateService(spec), terms, cancel);

    /// <param name="fields">A JSON merge patch of the spec: null takes away, what is absent stays.</param>
    public Task<TaggedService> Update(string name, JsonObject fields, ChangeTerms? terms = null, CancellationToken cancel = default) =>
        Change(name, new UpdateService(fields), terms, cancel);

    public Task<TaggedService> Scale(string name, int instances, ChangeTerms? terms = null, CancellationToken cancel = default) =>
        Update(name, new JsonObject { ["instances"] = instances }, terms, cancel);

    public Task<TaggedService> Withdraw(string name, ChangeTerms? terms = null, CancellationToken cancel = default) =>
        Change(name, new WithdrawService(), terms, cancel);

    /// <summary>A page of slots.</summary>
    /// <param name="from">The first slot of it.</param>
    public Task<ServiceExplanation> Explain(string name, int from = 1, CancellationToken cancel = default) =>
        road.Ask<ServiceExplanation>(
            Question.Get($"{Question.Below("services", name)}/explain") with { Query = new() { { "from", from } } }, cancel);

    /// <summary>All slots, page after page as they are asked for.</summary>
    public async IAsyncEnumerable<SlotExplanation> ExplainSlots(
        string name, int from = 1, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        int? next = from;
        while (next is { } first)
        {
            var page = await Explain(name, first, cancel);
            foreach (var slot in page.Slots) yield return slot;
            next = page.Next;
        }
    }

    public Task<ServiceHistory> History(string name, CancellationToken cancel = default) =>
        road.Ask<ServiceHistory>(Question.Get($"{Question.Below("services", name)}/history"), cancel);

    public Task<ServiceEndpoints> Endpoints(string name, CancellationToken cancel = default) =>
        road.Ask<ServiceEndpoints>(Question.Get($"{Question.Below("services", name)}/endpoints"), cancel);

    /// <summary>The same again, whole, whenever it changes, without an end; after a cut first of all how it is then.</summary>
    public IAsyncEnumerable<ServiceEndpoints> WatchEndpoints(string name, CancellationToken cancel = default) =>
        new LastingStream<ServiceEndpoints>(
            road,
            () => Question.Get($"{Question.Below("services", name)}/endpoints") with
            {
                Query = new() { { "watch", true } }, Accept = ServerSentEvents.Type,
            },
            ReadEndpoints) { Silence = ServerSentEvents.Silence }.Items(cancel);

    /// <inheritdoc cref="FollowedLog"/>
    public IAsyncEnumerable<LogLine> Logs(string name, LogWish? wish = null, CancellationToken cancel = default) =>
        new FollowedLog(road, $"{Question.Below("services", name)}/logs", wish ?? new()).Lines(cancel);

    public Task<ServiceStats> Stats(string name, CancellationToken cancel = default) =>
        road.Ask<ServiceStats>(Question.Get($"{Question.Below("services", name)}/stats"), cancel);

    /// <summary>A sample of each instance again and again, without an end.</summary>
    /// <param name="every">1 to 60 seconds.</param>
    public IAsyncEnumerable<InstanceStats> WatchStats(string name, int every = 2, CancellationToken cancel = default) =>
        Samples.Of(road, Question.Below("services", name), every, cancel);

    private static async Task<TaggedService> Tagged(HttpResponseMessage answer, CancellationToken cancel) =>
        new(await answer.Read<ServiceView>(cancel), answer.Headers.ETag?.Tag.Trim('"'));

    private static async IAsyncEnumerable<ServiceEndpoints> ReadEndpoints(
        Stream body, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var it in SseParser.Create(body).EnumerateAsync(cancel))
            yield return JsonSerializer.Deserialize<ServiceEndpoints>(it.Data, ContractsJson.Options)!;
    }
}
