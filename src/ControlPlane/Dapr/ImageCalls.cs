using System.Text.Json.Nodes;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// Before a wish reaches its service, workers are asked what its image is: the service's turn waits for no worker and no registry. None
/// when there is nothing to ask, or nobody.
/// </summary>
internal static class ImageCalls
{
    private static readonly string[] AroundInstances = ["labels", "update", "restart", "placement"];

    public static async Task<FoundImage?> OfNew(string name, ServiceSpec spec, ImageFinder images, CancellationToken cancel) =>
        WantsAny(spec) && ServiceNames.Problem(name) is null && SpecValidation.Problems(spec).Count == 0
            ? await images.Find(spec.Container, cancel) : null;

    public static async Task<FoundImage?> OfUpdate(
        string name, JsonObject fields, ActorCalls actors, ImageFinder images, CancellationToken cancel)
    {
        if (fields.All(it => AroundInstances.Contains(it.Key))) return null;
        if (await Now(name, actors, cancel) is not { Spec: var before } service) return null;
        var (after, problems) = SpecFields.Merge(before, fields);
        return problems.Count > 0 ? null : await OfChange(service, after, images, cancel);
    }

    /// <summary>The same of a service that is there, or is to be.</summary>
    public static async Task<FoundImage?> OfWish(
        string name, ServiceSpec wish, ActorCalls actors, ImageFinder images, CancellationToken cancel) =>
        await Now(name, actors, cancel) is { Withdrawing: false } service ? await OfChange(service, wish, images, cancel)
            : await OfNew(name, wish, images, cancel);

    private static async Task<FoundImage?> OfChange(
        ServiceView service, ServiceSpec after, ImageFinder images, CancellationToken cancel)
    {
        var before = service.Spec;
        if (SpecValidation.Problems(after).Count > 0 || !WantsAny(after)) return null;
        // What wanted no instances has not been asked about yet.
        var isBound = WantsAny(before) || service.Content is not { Digest: null, ImageIds.Count: 0 };
        var isAsked = !isBound || after.Container.Image != before.Container.Image
            || (after.Container.PullPolicy == PullPolicy.Always && SpecChange.NeedsNewContainers(before, after));
        return isAsked ? await images.Find(after.Container, cancel) : null;
    }

    public static async Task<FoundImage?> OfRestart(
        string name, bool pull, ActorCalls actors, ImageFinder images, CancellationToken cancel)
    {
        if (await Now(name, actors, cancel) is not { Spec.Container: var container } service) return null;
        return pull ? await images.FindMoved(container, service.Instances.Select(it => it.Worker).Distinct(), cancel)
            : container.PullPolicy == PullPolicy.Always ? await images.Find(container, cancel)
            : null;
    }

    /// <summary>Bytes that nobody is to run are not asked for.</summary>
    private static bool WantsAny(ServiceSpec spec) => spec.Mode == ServiceMode.Global || spec.Instances > 0;

    /// <summary>None when it does not answer: then the change will say why.</summary>
    private static async Task<ServiceView?> Now(string name, ActorCalls actors, CancellationToken cancel)
    {
        if (ServiceNames.Problem(name) is not null) return null;
        try
        {
            return (await actors.Service(name, master => master.Get(), cancel)).Service;
        }
        catch (Exception e) when (e is NoAnswerException or UnreadableServiceException)
        {
            return null;
        }
    }
}
