using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Content;

/// <summary>Asks the control plane for the secrets and configs of an instance.</summary>
internal interface IContentSource
{
    /// <exception cref="EngineException">It gives no answer; asking again may help.</exception>
    Task<ContentsAnswer> Ask(string service, string instance, CancellationToken cancel);
}

/// <summary>Fetches what an instance is given just before its container is created; nothing of it is remembered.</summary>
internal sealed class ContentDelivery(IContentSource source, ContentFiles files)
{
    private static readonly (ValueList<FileMount>, ValueMap) Nothing = ([], ValueMap.Empty);

    /// <exception cref="EngineException">They cannot be had; the message says why.</exception>
    public async Task<(ValueList<FileMount> Files, ValueMap Env)> Prepare(
        string service, string instance, ContainerSpec spec, CancellationToken cancel)
    {
        if (spec.Secrets.Count + spec.Configs.Count + spec.EnvFrom.Count == 0) return Nothing;
        var answer = await source.Ask(service, instance, cancel);
        if (answer.Contents is not { } contents) throw new EngineException(EngineFault.Refused, answer.Problem ?? "nothing was delivered");
        return (files.Write(instance, contents.Files), contents.Env);
    }
}
