using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Compose;

/// <summary>A stack as a person would write it: without what is as it is by default.</summary>
public static class BriefStack
{
    /// <summary>What fields and elements of lists are like when nothing is said of them, by the name of their field.</summary>
    private static readonly Dictionary<string, JsonObject> Ordinary = new()
    {
        ["volumes"] = Json(new VolumeMount("", "")),
        ["ports"] = Json(new PortMapping(0)),
        ["secrets"] = Json(new ContentFile("")),
        ["configs"] = Json(new ContentFile("")),
        ["health"] = Json(new HealthProbe()),
    };

    /// <summary>JSON that <c>PUT /stacks/{name}</c> takes for the same stack.</summary>
    public static JsonObject Of(StackSpec stack)
    {
        var ordinary = Json(new StackService { Spec = new ServiceSpec { Container = new ContainerSpec { Image = "" } } });
        var brief = Without(Json(stack with { Services = new([]) }), Json(new StackSpec()));
        var services = new JsonObject();
        foreach (var (name, service) in stack.Services) services[name] = Without(Json(service), ordinary);
        brief["services"] = services;
        return brief;
    }

    private static JsonObject Json<T>(T value) => JsonSerializer.SerializeToNode(value, ContractsJson.Options)!.AsObject();

    private static JsonObject Without(JsonObject value, JsonObject ordinary)
    {
        var rest = new JsonObject();
        foreach (var (name, field) in value)
        {
            var same = ordinary[name];
            if (JsonNode.DeepEquals(field, same)) continue;
            var usual = Ordinary.GetValueOrDefault(name) ?? same as JsonObject;
            rest[name] = field switch
            {
                JsonObject inner when usual is not null => Without(inner, usual),
                JsonArray list when usual is not null => new JsonArray([.. list.Select(it => Without(it!.AsObject(), usual))]),
                _ => field?.DeepClone(),
            };
        }

        return rest;
    }
}
