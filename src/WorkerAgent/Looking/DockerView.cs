using System.Text.Json;
using Orchestrator.Contracts.Looking;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Looking;

/// <summary>Docker behind it.</summary>
internal sealed class DockerView(EngineHttp engine) : IEngineView
{
    public async Task<ContainerDetails> Inspect(string container, CancellationToken cancel) =>
        ViewMapping.Details(await engine.GetJson($"containers/{container}/json", cancel));

    public async Task<Sample?> Use(string container, CancellationToken cancel) =>
        ViewMapping.Sample(await engine.GetJson($"containers/{container}/stats?stream=false&one-shot=true", cancel));

    public async Task<ProcessTable> Processes(string container, CancellationToken cancel)
    {
        var shown = await engine.GetJson($"containers/{container}/top", cancel);
        return new(Texts(shown.GetProperty("Titles")), shown.GetProperty("Processes").EnumerateArray().Select(Texts).ToValueList());
    }

    private static ValueList<string> Texts(JsonElement list) => list.EnumerateArray().Select(it => it.GetString() ?? "").ToValueList();
}
