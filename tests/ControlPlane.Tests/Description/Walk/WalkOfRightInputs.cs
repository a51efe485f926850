using System.Text.Json.Nodes;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Tests.Api;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Description.Walk;

/// <summary>What the description allows is taken, to the ends of its ranges; outside them looks the walk of wrong inputs.</summary>
public sealed class WalkOfRightInputs : IAsyncDisposable
{
    /// <summary>
    /// What the schema cannot tell: fields that need others beside them or must have certain names, and that a service stays what it was
    /// made.
    /// </summary>
    private static readonly string[] NotAlone =
    [
        "health", "readiness", "resources.memorySwap", "volumes[0].exclusive", "ulimits.key", "sysctls.key", "logging.options.key",
    ];

    /// <summary>Only a job has them.</summary>
    private static readonly string[] OfAJob = [.. EveryField.Names<JobSpec>()];

    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("CreateService", "POST /services/fresh?dryRun=true")]
    [InlineData("UpdateService", "PUT /services/web?dryRun=true")]
    public async Task The_ends_of_every_range_and_every_word_are_taken(string id, string request)
    {
        await api.Renew("a");
        foreach (var kind in new[] { "secrets", "configs" }) await api.Ask($"PUT /{kind}/data", """{"value":"x"}""");
        await api.Ask("POST /services/web", """{"image":"web:1","health":{"command":["true"]}}""");
        var all = await DescribedApi.Of(api);
        var values = new RightValues(all).Of(all.Operations.Single(it => it.Id == id).Body!, "", "", body => body)
            .Where(it => !OfAJob.Contains(it.Path))
            .Where(it => !NotAlone.Any(field => it.Path.StartsWith(field, StringComparison.Ordinal)))
            .Where(it => id == "CreateService" || it.Path != "mode").ToList();
        await MustBeTaken(request, values);
        Assert.Contains(values, it => it.Path == "placement.maxPerWorker");
        Assert.True(values.Count > 80, $"only {values.Count} values");
    }

    [Theory]
    [InlineData("health")]
    [InlineData("readiness")]
    public async Task The_ends_of_every_range_of_a_probe_are_taken(string field)
    {
        await api.Renew("a");
        var all = await DescribedApi.Of(api);
        var schema = all.Operations.Single(it => it.Id == "CreateService").Body!["properties"]![field]!;
        var values = new RightValues(all).Of(schema, field, field, probe => new JsonObject
        {
            ["image"] = "web:1", ["ports"] = new JsonArray(80), [field] = Whole(probe?.DeepClone().AsObject()),
        }).Where(it => it.Path != "readiness.none").ToList();
        await MustBeTaken("POST /services/fresh?dryRun=true", values);
        Assert.Contains(values, it => it.Path == $"{field}.http.status");
    }

    [Fact]
    public async Task The_ends_of_every_range_of_a_job_are_taken()
    {
        await api.Renew("a");
        var all = await DescribedApi.Of(api);
        var fields = all.Operations.Single(it => it.Id == "CreateService").Body!["properties"]!;
        // What a schedule and a time zone look like no schema can tell.
        var values = OfAJob.Except(["schedule", "timeZone"]).SelectMany(field => new RightValues(all).Of(
            fields[field]!, field, field, value => new JsonObject
            {
                ["image"] = "job:1", ["mode"] = "job", ["schedule"] = "0 3 * * *", [field] = value?.DeepClone(),
            })).ToList();
        await MustBeTaken("POST /services/fresh?dryRun=true", values);
        Assert.True(values.Count > 15, $"only {values.Count} values");
    }

    /// <summary>With a way to ask, where it has none.</summary>
    private static JsonObject? Whole(JsonObject? probe)
    {
        if (probe is not null && probe["http"] is null && probe["command"] is null or JsonArray { Count: 0 }
            && probe["none"]?.GetValue<bool>() != true) probe["tcp"] ??= new JsonObject();
        return probe;
    }

    private async Task MustBeTaken(string request, IEnumerable<(string Path, JsonNode? Body)> values)
    {
        List<string> refused = [];
        foreach (var (path, body) in values)
        {
            var answer = await api.Ask(request, body!.ToJsonString());
            if (answer.Status != 200) refused.Add($"{path}: {body.ToJsonString()} answers {answer.Words}");
        }

        Assert.True(refused.Count == 0, string.Join("\n", refused));
    }
}
