using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

internal sealed class FakeRegistryCalls : IRegistryCalls
{
    private int asked;

    public List<Worker> All { get; } = [];

    public bool Silent { get; set; }

    /// <summary>Answers wait for it.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    /// <summary>How often somebody asked for the workers.</summary>
    public int Asked => asked;

    public List<string> Waiting { get; } = [];

    /// <summary>The services of which the last who asked wanted to know the holders.</summary>
    public ValueList<string> Holding { get; private set; } = [];

    public async Task<ValueList<Worker>> Workers(ValueList<string> holding, CancellationToken cancel)
    {
        Holding = holding;
        Interlocked.Increment(ref asked);
        await Hold.WaitAsync(cancel);
        return Silent ? throw Silence.Of("MemberRegistry") : All.ToValueList();
    }

    /// <summary>The images on each worker that has told, and which workers were asked for.</summary>
    public List<WorkerImages> Images { get; } = [];

    public List<string> ImagesAskedOf { get; } = [];

    Task<ValueList<WorkerImages>> IRegistryCalls.Images(ValueList<string> workers, CancellationToken cancel)
    {
        ImagesAskedOf.AddRange(workers);
        return Silent ? throw Silence.Of("MemberRegistry") : Task.FromResult(Images.Where(it => workers.Contains(it.Worker)).ToValueList());
    }

    /// <summary>The orders that were said to have failed.</summary>
    public List<string> Failed { get; } = [];

    public Task OrderFailed(string worker, string service, string why, CancellationToken cancel)
    {
        Failed.Add($"{worker}: {why}");
        return Silent ? throw Silence.Of("MemberRegistry") : Task.CompletedTask;
    }

    public Task WaitForRoom(string service)
    {
        Waiting.Add(service);
        return Task.CompletedTask;
    }
}
