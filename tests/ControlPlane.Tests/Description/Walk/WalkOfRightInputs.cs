using Orchestrator.ControlPlane.Tests.Api;

namespace Orchestrator.ControlPlane.Tests.Description.Walk;

/// <summary>What the description allows is taken, to the ends of its ranges; outside them looks the walk of wrong inputs.</summary>
public sealed class WalkOfRightInputs : IAsyncDisposable
{
    /// <summary>What the schema cannot tell: a new probe needs its command, a patch none; and a service stays what it was made.</summary>
    private static readonly Dictionary<string, string> NotAlone = new() { ["CreateService"] = "health", ["UpdateService"] = "mode" };

    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("CreateService", "POST /services/fresh?dryRun=true")]
    [InlineData("UpdateService", "PUT /services/web?dryRun=true")]
    public async Task The_ends_of_every_range_and_every_word_are_taken(string id, string request)
    {
        await api.Renew("a");
        foreach (var kind in new[] { "secrets", "configs" }) await api.Ask($"PUT /{kind}/x", """{"value":"x"}""");
        await api.Ask("POST /services/web", """{"image":"web:1","health":{"command":["true"]}}""");
        var all = await DescribedApi.Of(api);
        var values = new RightValues(all).Of(all.Operations.Single(it => it.Id == id).Body!, "", "", body => body)
            .Where(it => !it.Path.StartsWith(NotAlone[id], StringComparison.Ordinal)).ToList();
        List<string> refused = [];
        foreach (var (path, body) in values)
        {
            var answer = await api.Ask(request, body!.ToJsonString());
            if (answer.Status != 200) refused.Add($"{path}: {body.ToJsonString()} answers {answer.Words}");
        }

        Assert.True(refused.Count == 0, string.Join("\n", refused));
        Assert.Contains(values, it => it.Path == "placement.maxPerWorker");
        Assert.True(values.Count > 80, $"only {values.Count} values");
    }
}
