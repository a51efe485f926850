using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;
using NSwag;
using Orchestrator.ControlPlane.Tests.Api;

namespace Orchestrator.ControlPlane.Tests.Description;

public sealed class DocumentExamples : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task The_file_in_the_repository_is_what_a_master_answers()
    {
        var file = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "docs", "openapi.json");
        var served = (await api.Ask("GET /openapi/v1.json")).Json!.ToJsonString(Readable) + "\n";
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_RENEW") == "1") await File.WriteAllTextAsync(file, served, Cancel);
        Assert.True(
            File.Exists(file) && served == await File.ReadAllTextAsync(file, Cancel),
            "docs/openapi.json is not what a master answers; ORCHESTRATOR_RENEW=1 and this test write it anew: look at the difference");
    }

    [Fact]
    public async Task Every_public_route_is_described_with_a_name_of_its_own_and_what_it_answers()
    {
        var document = await api.Ask("GET /openapi/v1.json");
        var operations = Operations(document.Json!).ToList();
        Assert.Equal(
            [
                "BeginMaintenance", "BeginMaintenanceRound", "CancelDeployment", "ConfirmLoss", "CreateService", "DeleteConfig",
                "DeleteRegistry", "DeleteSecret", "DeleteVolume", "DeployStack", "DrainWorker", "EndMaintenance", "ExplainService",
                "FollowEvents", "FollowServiceEvents", "GetBackup", "GetConfig", "GetDeployment", "GetEndpoints", "GetInstance",
                "GetInstanceLogs", "GetInstanceProcesses", "GetInstanceStats", "GetRegistry", "GetSecret", "GetService",
                "GetServiceHistory", "GetServiceLogs", "GetServiceStats", "GetStack", "ListConfigs", "ListMaintenance", "ListMembers",
                "ListRegistries", "ListSecrets", "ListServices", "ListStacks", "ListVolumes", "OverruleBrake", "PauseService",
                "RebalanceService", "ReleaseVolume", "RemoveStack", "RestartService", "RestartStack", "Restore", "ResumeDeployment",
                "ResumeService", "RollBackService", "RollBackStack", "RunInInstance", "RunJob", "SetConfig", "SetRegistry", "SetSecret",
                "StopMaintenanceRound", "TalkToInstance", "UndrainWorker", "UpdateService", "WithdrawService",
            ],
            operations.Select(it => $"{it.Operation["operationId"]}").Order(StringComparer.Ordinal));
        Assert.All(operations, it => Assert.True(
            it.Operation["tags"]!.AsArray().Count == 1 && $"{it.Operation["summary"]}".Length > 0
            && it.Operation["responses"]!.AsObject().All(answer => $"{answer.Value!["description"]}".Length > 0)
            && (it.Operation["parameters"]?.AsArray() ?? []).All(parameter => $"{parameter!["description"]}".Length > 0), it.Name));
        Assert.Equal("Orchestrator 0.1.0", $"{document["info"]["title"]} {document["info"]["version"]}");
    }

    [Fact]
    public async Task Its_examples_are_what_its_schemas_allow()
    {
        var document = await OpenApiDocument.FromJsonAsync((await api.Ask("GET /openapi/v1.json")).Json!.ToJsonString(), Cancel);
        var contents = document.Operations.SelectMany(it => it.Operation.Responses.SelectMany(answer => answer.Value.Content)
            .Concat(it.Operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())).ToList();
        var examples = contents.SelectMany(it => it.Value.Examples.Values.Select(example => (it.Value.Schema, example.Value))).ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, it => Assert.Empty(
            it.Schema.Validate(Newtonsoft.Json.JsonConvert.SerializeObject(it.Value), SchemaType.OpenApi3)));
    }

    [Fact]
    public async Task For_clients_each_operation_has_one_kind_of_answer()
    {
        var document = await api.Ask("GET /openapi/client.json");
        Assert.All(Operations(document.Json!), it =>
        {
            Assert.Single(it.Operation["responses"]!.AsObject(), answer => answer.Key[0] == '2');
            Assert.DoesNotContain("dryRun", it.Operation["parameters"]?.ToJsonString() ?? "", StringComparison.Ordinal);
        });
    }

    private static IEnumerable<(string Name, JsonNode Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key} {path.Key}", operation.Value);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
