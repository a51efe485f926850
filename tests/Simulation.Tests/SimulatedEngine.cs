using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.Simulation.Tests;

/// <summary>
/// The engine of one machine: an engine made of memory that takes its time, with programs that end by themselves and images that are not
/// there.
/// </summary>
/// <param name="machine">Lives as long as the simulation.</param>
internal sealed class SimulatedEngine(SimulatedCluster cluster, SimulatedProcess machine) : IContainerEngine
{
    private readonly FakeEngine engine = new(machine.Clock);

    /// <summary>Whose call it is: waiting is the caller's business.</summary>
    public required Func<SimulatedProcess> Caller { get; init; }

    public IEnumerable<string> Live => engine.Names(ContainerState.Running);

    /// <summary>Without those that are kept for looking at them.</summary>
    public IEnumerable<string> Ended => engine.Names(ContainerState.Exited).Concat(engine.Names(ContainerState.Created))
        .Where(name => !name.EndsWith(".ended", StringComparison.Ordinal));

    /// <summary>The machine lost its power: everything has ended when it is back.</summary>
    public void LosePower()
    {
        engine.Restart(exitCode: 255);
    }

    /// <summary>The engine stops, which ends its containers, and is back after a while.</summary>
    public void Restart(TimeSpan backAfter)
    {
        engine.Restart(exitCode: cluster.Dice.Happens(0.5) ? 0 : 143);
        engine.Away = true;
        machine.After(backAfter, () => engine.Away = false);
    }

    /// <summary>Somebody on the machine stops, kills or removes a container.</summary>
    public void EndBySomebody(string name)
    {
        switch (cluster.Dice.Next(3))
        {
            case 0: engine.EndedBySomebody(name, 15, 0); break;
            case 1: engine.EndedBySomebody(name, 9, 137); break;
            default: engine.Vanish(name); break;
        }
    }

    /// <summary>As the guard does it, by the id.</summary>
    public void KillProcesses(string container)
    {
        if (engine[container] is { State: ContainerState.Running } it) engine.Die(it.Name, 137);
    }

    public void Die(string name, int exitCode)
    {
        cluster.Blame.EndedItself(name);
        if (exitCode == 0 && InstanceName.TryParse(name, out var it)) cluster.WorkDone.Add((it.Revision, it.Run, it.Slot));
        engine.Die(name, exitCode);
    }

    public Task<ValueList<Container>> List(ValueMap labels, CancellationToken cancel) => engine.List(labels, cancel);

    public Task<Container?> Find(string container, CancellationToken cancel) => engine.Find(container, cancel);

    public async Task<string> Create(NewContainer container, CancellationToken cancel)
    {
        engine.Done.Clear();
        if (!container.Spec.Image.EndsWith(":bad", StringComparison.Ordinal)) engine.ImagesHere.Add(container.Spec.Image);
        else cluster.Blame.EndedItself(container.Name);
        await TakeTime(0.02, 0.2, cancel);
        var id = await engine.Create(container, cancel);
        cluster.Slots.Created(container.Name);
        return id;
    }

    public async Task Start(string id, CancellationToken cancel)
    {
        if (cluster.Dice.Happens(cluster.Network.Faults.Late)) await TakeTime(5, 60, cancel);
        else await TakeTime(0.03, 0.4, cancel);
        await engine.Start(id, cancel);
        var container = engine[id]!;
        cluster.Slots.Started();
        if (engine.ImageOf(id).EndsWith(":exits", StringComparison.Ordinal))
            machine.After(cluster.Dice.Between(1, 4), () => EndIfStill(container, 1));
        else if (engine.ImageOf(id).EndsWith(":job", StringComparison.Ordinal))
            machine.After(cluster.Dice.Between(5, 600), () => EndIfStill(container, 0));
    }

    public async Task Stop(string id, TimeSpan grace, CancellationToken cancel)
    {
        await TakeTime(0.01, 1.5, cancel);
        await engine.Stop(id, grace, cancel);
    }

    public Task Unpause(string id, CancellationToken cancel) => engine.Unpause(id, cancel);

    public Task Remove(string id, CancellationToken cancel) => engine.Remove(id, cancel);

    public Task Rename(string id, string name, CancellationToken cancel) => engine.Rename(id, name, cancel);

    public Task<string?> Incarnation(CancellationToken cancel) => engine.Incarnation(cancel);

    /// <summary>Every image is taken for one that was built here, until a container is to be made of it.</summary>
    public Task<ImageSeen?> FindImage(string image, CancellationToken cancel) => Task.FromResult<ImageSeen?>(new(null, $"sha256:{image}"));

    public Task<string> DigestInRegistry(string image, PullLogin? login, CancellationToken cancel) =>
        engine.DigestInRegistry(image, login, cancel);

    public async Task Pull(string image, PullLogin? login, IProgress<PullStep> course, CancellationToken cancel)
    {
        await TakeTime(0.1, 0.5, cancel);
        throw new EngineException(EngineFault.Refused, "no such image");
    }

    public Task<ValueList<string>> Images(int limit, CancellationToken cancel) => engine.Images(limit, cancel);

    public Task<(int ExitCode, string Output)> Exec(string id, ValueList<string> command, CancellationToken cancel) =>
        engine.Exec(id, command, cancel);

    public Task<LastWords> LastWords(string id, CancellationToken cancel) => ((IContainerEngine)engine).LastWords(id, cancel);

    public Task<IAsyncEnumerable<EngineEvent>> Watch(ValueMap labels, CancellationToken cancel) => engine.Watch(labels, cancel);

    private Task TakeTime(double least, double most, CancellationToken cancel) =>
        Task.Delay(cluster.Dice.Between(least, most), Caller().Clock, cancel);

    private void EndIfStill(Container started, int exitCode)
    {
        if (engine[started.Id] is { State: ContainerState.Running } now && now.StartedAt == started.StartedAt)
            Die(started.Name, exitCode);
    }
}
