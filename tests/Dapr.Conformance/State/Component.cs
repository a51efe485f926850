using Conformance.World;

namespace Conformance.State;

/// <summary>What a sidecar says about its components: some promises are those of the store behind them.</summary>
internal static class Component
{
    public static async Task<bool> Is(Replica replica, string name, string type)
    {
        var metadata = await replica.Send(HttpMethod.Get, "/v1.0/metadata");
        return metadata.Json.GetProperty("components").EnumerateArray()
            .Any(component => component.GetProperty("name").GetString() == name && component.GetProperty("type").GetString() == type);
    }
}
