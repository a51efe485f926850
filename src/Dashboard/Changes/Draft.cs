using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Dashboard.Changes;

/// <summary>What the form of a new service holds. What is wrong with its values the API tells.</summary>
public sealed class Draft
{
    public string Name { get; set; } = "";
    public string Image { get; set; } = "";
    public int Instances { get; set; } = 1;

    /// <summary>As Docker writes them, parted by blanks or commas: <c>80 8080:80</c>.</summary>
    public string Ports { get; set; } = "";

    /// <summary>A line each: <c>NAME=value</c>.</summary>
    public string Env { get; set; } = "";

    /// <summary>Program and arguments, a line each.</summary>
    public string Command { get; set; } = "";

    /// <summary>Cores that are kept free for each.</summary>
    public string Cpu { get; set; } = "";

    /// <summary><c>64Mi</c>.</summary>
    public string Memory { get; set; } = "";

    /// <summary>The path that is asked for, such as <c>/health</c>; none without a probe.</summary>
    public string ProbePath { get; set; } = "";

    public string ProbePort { get; set; } = "";

    /// <summary>The wish as the API takes it; what was left empty is left out.</summary>
    public JsonObject Fields()
    {
        var fields = new JsonObject { ["image"] = Image.Trim(), ["instances"] = Instances };
        if (Words(Ports) is { Length: > 0 } ports) fields["ports"] = new JsonArray([.. ports.Select(Port)]);
        if (Lines(Command) is { Length: > 0 } words) fields["command"] = new JsonArray([.. words.Select(it => JsonValue.Create(it))]);
        if (Lines(Env) is { Length: > 0 } variables)
        {
            fields["env"] = new JsonObject(variables.Select(it => it.Split('=', 2)).DistinctBy(it => it[0].Trim())
                .Select(it => KeyValuePair.Create(it[0].Trim(), (JsonNode?)JsonValue.Create(it.ElementAtOrDefault(1) ?? ""))));
        }

        var reserve = new JsonObject();
        if (Cpu.Trim().Length > 0) reserve["cpu"] = Number(Cpu.Trim());
        if (Memory.Trim().Length > 0) reserve["memory"] = Memory.Trim();
        if (reserve.Count > 0) fields["resources"] = new JsonObject { ["reserve"] = reserve };
        if (ProbePath.Trim().Length > 0) fields["health"] = new JsonObject { ["http"] = Probe() };
        return fields;
    }

    /// <summary>As text, to go on with by hand.</summary>
    public string Json() => Fields().ToJsonString(Written);

    /// <summary>Reads what somebody wrote by hand.</summary>
    /// <exception cref="JsonException">It is no such wish; the message says where.</exception>
    public static ServiceSpec Read(string json) =>
        JsonSerializer.Deserialize<ServiceSpec>(json, ContractsJson.Strict) ?? throw new JsonException("there is nothing");

    private static readonly JsonSerializerOptions Written = new(ContractsJson.Options) { WriteIndented = true };

    private JsonObject Probe()
    {
        var probe = new JsonObject { ["path"] = ProbePath.Trim() };
        if (ProbePort.Trim().Length > 0) probe["port"] = Number(ProbePort.Trim());
        return probe;
    }

    private static JsonNode Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : text;

    private static JsonNode Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : text;

    private static string[] Words(string text) => text.Split([' ', ',', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
