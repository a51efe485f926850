using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Health;

/// <summary>Asks over the network, or has the engine run a program in the container.</summary>
internal sealed class Probes(IContainerEngine engine, WorkerAgentOptions options) : IProbes, IDisposable
{
    private readonly HttpQuestion http = new();

    /// <summary>The containers whose program has not ended yet: a second one beside it would not end either.</summary>
    private readonly ConcurrentDictionary<string, bool> running = [];

    /// <summary>How many programs have not ended yet.</summary>
    public int Running => running.Count;

    public async Task<(bool Ok, string Output)> Ask(HealthProbe probe, Instance instance, CancellationToken cancel)
    {
        try
        {
            if (probe.Command.Count > 0) return await Run(probe, instance, cancel);
            if (ProbeTarget.Of(instance, probe.Http?.Port ?? probe.Tcp?.Port, options) is not { } target)
                return (false, "nobody knows where its port can be reached");
            return probe.Http is { } question ? await http.Ask(question, target, cancel) : await Connect(target, cancel);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return (false, OneLine.Of($"no TLS connection: {e.GetBaseException().Message}"));
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException or EngineException)
        {
            return (false, OneLine.Of(e.GetBaseException().Message));
        }
    }

    public void Dispose() => http.Dispose();

    private static async Task<(bool, string)> Connect(IPEndPoint target, CancellationToken cancel)
    {
        using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(target, cancel);
        return (true, $"connected to {target}");
    }

    private async Task<(bool, string)> Run(HealthProbe probe, Instance instance, CancellationToken cancel)
    {
        if (instance.Observed.ContainerId is not { } id) return (false, "it has no container");
        if (!running.TryAdd(id, true)) return (false, "the probe before has not ended yet");
        var (code, output) = await RunToItsEnd(id, probe.Command).WaitAsync(cancel);
        return (code == 0, OneLine.Of(code == 0 ? output : $"exit code {code}: {output}"));
    }

    /// <summary>Not ended with the patience of the probe: then nobody would know that it goes on.</summary>
    private async Task<(int ExitCode, string Output)> RunToItsEnd(string id, ValueList<string> command)
    {
        try
        {
            return await engine.Exec(id, command, CancellationToken.None);
        }
        finally
        {
            running.TryRemove(id, out _);
        }
    }
}
