using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>Roomy workers, each busier than the one before, so that everybody can foresee who is chosen.</summary>
internal sealed class FakeWorkers(List<string> journal, params string[] names) : IWorkers
{
    public Dictionary<string, Worker> ByName { get; } = names.Index().ToDictionary(
        it => it.Item, it => CalmCluster.NewWorker(it.Item) with { Load = new() { Cpu = 0.1 * it.Index } }, StringComparer.Ordinal);

    public bool Silent { get; set; }

    public bool SilentAboutRoom { get; set; }

    public Task<ValueList<Worker>> Current(CancellationToken cancel, long since = 0) =>
        Silent ? throw Silence.Of("MemberRegistry") : Task.FromResult(ByName.Values.ToValueList());

    public Task<ValueList<string>> Holders(string service, CancellationToken cancel, long since = 0) =>
        Silent ? throw Silence.Of("MemberRegistry")
        : Task.FromResult(ByName.Values.Where(worker => worker.Holds.Contains(service)).Select(worker => worker.Name).ToValueList());

    public long Mark()
    {
        journal.Add("asks for fresh workers");
        return 0;
    }

    public void Placed(string worker, ResourceAmount reserve) => journal.Add($"expects {reserve.Cpu} CPU more on {worker}");

    public Task AskByLease(string worker, string service)
    {
        journal.Add($"asks {worker} by its lease for {service}");
        return Task.CompletedTask;
    }

    public Task WaitForRoom(string service)
    {
        if (SilentAboutRoom) throw Silence.Of("MemberRegistry");
        journal.Add($"{service} waits for room");
        return Task.CompletedTask;
    }
}
