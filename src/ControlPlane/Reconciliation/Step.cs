using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>What one worker is to do with one instance; an order once it is on its way.</summary>
internal abstract record Step(string Instance, string Worker, string Reason)
{
    public abstract Order ToOrder(string service, long epoch);
}

/// <summary>A step that brings an instance to its worker.</summary>
internal abstract record Begin(string Instance, string Worker, string Reason, ContainerSpec Container) : Step(Instance, Worker, Reason)
{
    /// <summary>The image by its bytes; none when the worker is to tell what the reference means there.</summary>
    public string? Image { get; init; }

    /// <summary>See <see cref="Records.RevisionRecord.Fingerprint"/>.</summary>
    public string? Fingerprint { get; init; }
}

internal sealed record Prepare(string Instance, string Worker, string Reason, ContainerSpec Container, string Replaces)
    : Begin(Instance, Worker, Reason, Container)
{
    public override Order ToOrder(string service, long epoch) => new PrepareInstance
    {
        Service = service, Instance = Instance, Epoch = epoch, Reason = Reason, Container = Container, Replaces = Replaces,
        Image = Image,
        Fingerprint = Fingerprint,
    };
}

/// <param name="Heard">See <see cref="Records.InstanceRecord.Heard"/>.</param>
internal sealed record Run(string Instance, string Worker, string Reason, ContainerSpec Container, long? Heard)
    : Begin(Instance, Worker, Reason, Container)
{
    public override Order ToOrder(string service, long epoch) => new RunInstance
    {
        Service = service, Instance = Instance, Epoch = epoch, Reason = Reason, Container = Container, Heard = Heard, Image = Image,
        Fingerprint = Fingerprint,
    };
}

internal sealed record Stop(string Instance, string Worker, string Reason, TimeSpan Delay, TimeSpan Grace) : Step(Instance, Worker, Reason)
{
    public override Order ToOrder(string service, long epoch) =>
        new StopInstance { Service = service, Instance = Instance, Epoch = epoch, Reason = Reason, Delay = Delay, Grace = Grace };
}

internal sealed record Forget(string Instance, string Worker, string Reason) : Step(Instance, Worker, Reason)
{
    /// <summary>Nothing of the service is wanted any more.</summary>
    public bool Withdrawn { get; init; }

    public override Order ToOrder(string service, long epoch) => new ForgetInstance
    {
        Service = service, Instance = Instance, Epoch = epoch, Reason = Reason, Withdrawn = Withdrawn,
    };
}
