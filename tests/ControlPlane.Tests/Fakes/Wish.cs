using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>Wishes as a person writes them.</summary>
internal static class Wish
{
    public static CreateService Create(string json = """{"image":"web:1"}""") =>
        new(JsonSerializer.Deserialize<ServiceSpec>(json, ContractsJson.Strict)!);

    public static UpdateService Update(string json) => new((JsonObject)JsonNode.Parse(json)!);
}
