using System.Collections.Concurrent;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>Workers that accept every order, unless told to answer otherwise.</summary>
internal sealed class FakeOrderTransport : IOrderTransport, IImageTransport, IVolumeTransport
{
    private readonly ConcurrentQueue<(string Worker, Order Order)> asked = new();

    public IReadOnlyCollection<(string Worker, Order Order)> Orders => asked;

    /// <summary><c>run web-1-r1-a1 on a</c>, in the order of asking.</summary>
    public IEnumerable<string> Asked => asked.Select(it => $"{FakeOrders.Words(it.Order)} on {it.Worker}");

    public Func<Order, Task<OrderAnswer>> Answer { get; set; } = _ => Task.FromResult(OrderAnswer.Ok);

    /// <summary>What a worker finds behind the reference of an image.</summary>
    public Func<string, ImageQuestion, ImageAnswer> Images { get; set; } = (_, _) => new(null, "nothing is there");

    /// <summary>The questions about images, with the worker that was asked.</summary>
    public ConcurrentQueue<(string Worker, ImageQuestion Question)> AskedForImages { get; } = new();

    /// <summary>What a worker has found arrives only then.</summary>
    public Task ImagesArrive { get; set; } = Task.CompletedTask;

    public async Task<ImageAnswer> Ask(string worker, ImageQuestion question, CancellationToken cancel)
    {
        var found = Images(worker, question);
        AskedForImages.Enqueue((worker, question));
        await ImagesArrive.WaitAsync(cancel);
        return found;
    }

    /// <summary>By worker the volumes that it has; one that is not here gives no answer.</summary>
    public ConcurrentDictionary<string, ValueList<WorkerVolume>> VolumesOn { get; } = new();

    public Task<WorkerVolumes> Volumes(string worker, CancellationToken cancel) => VolumesOn.TryGetValue(worker, out var all)
        ? Task.FromResult(new WorkerVolumes(all)) : throw Silence.Of(worker);

    public Task<VolumeRemoved> Remove(string worker, VolumeRemoval removal, CancellationToken cancel)
    {
        VolumesOn[worker] = VolumesOn[worker].Where(it => it.Name != removal.Name).ToValueList();
        return Task.FromResult(new VolumeRemoved(null));
    }

    public Task<OrderAnswer> Ask(string worker, Order order, CancellationToken cancel)
    {
        asked.Enqueue((worker, order));
        return Answer(order).WaitAsync(cancel);
    }
}
