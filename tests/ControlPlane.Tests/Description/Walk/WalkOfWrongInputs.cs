using System.Text.Json.Nodes;
using Orchestrator.ControlPlane.Tests.Api;

namespace Orchestrator.ControlPlane.Tests.Description.Walk;

/// <summary>
/// Whatever is wrong with a request, in every operation that is described and in every field at every depth: the caller is told what, it
/// is never a mistake of ours, and nothing is done.
/// </summary>
public sealed class WalkOfWrongInputs : IAsyncDisposable
{
    private const int Shown = 40;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly ControlPlaneOverHttp api = new();
    private readonly List<string> failures = [];

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Each_wrong_input_is_refused_with_what_is_wrong_and_nothing_is_done()
    {
        foreach (var worker in new[] { "a", "b" }) await api.Renew(worker);
        await api.Ask("POST /services/web", """{"image":"web:1","instances":2,"labels":{"team":"x"}}""");
        await api.Ask("PUT /services/web", """{"image":"web:2"}""");
        var before = await State();
        var count = 0;
        foreach (var operation in (await DescribedApi.Of(api)).Operations)
        {
            foreach (var input in WrongInputs.Of(operation))
            {
                count++;
                if (await Objection(input) is { } objection) failures.Add($"{operation.Id}: {input}\n      {objection}");
                if (await State() is var after && after == before) continue;
                failures.Add($"{operation.Id}: {input}\n      changed {before}\n      to      {after}");
                await api.Ask("DELETE /services/fresh");
                before = await State();
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {count} wrong inputs were not refused as they should be:\n  "
            + string.Join("\n  ", failures.Take(Shown)));
        Assert.True(count > 1500, $"{count} wrong inputs are fewer than there were: what has the description lost?");
    }

    private async Task<string?> Objection(WrongInput input)
    {
        using var body = input.Content();
        Answer answer;
        try
        {
            answer = await api.Send(input.Request, body, input.Headers).WaitAsync(Longest);
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }

        return answer.Status is < 400 or >= 500 || (input.Status is { } only && answer.Status != only)
            || answer.Type != "application/problem+json" || $"{answer.Json?["detail"]}".Length == 0
            || (input.Named is { } name && !Names(answer, name))
            ? $"has to answer {input.Status?.ToString() ?? "4xx"} and to name '{input.Named}', "
                + $"and answers {answer.Status} {answer.Json?.ToJsonString()}"
            : null;
    }

    /// <summary>A field, or what it is short for: a port that is a number alone is named as its field.</summary>
    private static bool Names(Answer answer, string field) => answer.Json!["errors"] is JsonObject errors
        && errors.Any(it => it.Key == field || it.Key.StartsWith($"{field}.", StringComparison.Ordinal));

    /// <summary>What is stored, and what workers were asked for.</summary>
    private async Task<string> State()
    {
        await api.Ask("GET /services");
        return $"{string.Join(", ", api.Store.Versions)}; {api.Workers.Orders.Count} orders";
    }
}
