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

    public async Task<ValueList<Worker>> Workers(CancellationToken cancel)
    {
        Interlocked.Increment(ref asked);
        await Hold.WaitAsync(cancel);
        return Silent ? throw Silence.Of("MemberRegistry") : All.ToValueList();
    }

    public Task WaitForRoom(string service)
    {
        Waiting.Add(service);
        return Task.CompletedTask;
    }
}
