using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Services;

/// <summary>What a keeper gives to workers, and to those alone that are to run its instances.</summary>
internal sealed partial class ServiceKeeper
{
    /// <summary>The secrets and configs of an instance that is to run on this worker.</summary>
    public async Task<ContentsAnswer> Contents(ContentsQuestion question)
    {
        await Load();
        var instance = Record?.Instances.FirstOrDefault(it => it.Name == question.Instance && it.Worker == question.Worker);
        if (instance is not { Intent: Intent.Run or Intent.Prepare } || Record!.FindRevision(instance.Revision) is not { } revision)
            return new(null, $"{question.Instance} is not to run on {question.Worker}");
        LogDelivered(question.Instance, question.Worker);
        return await ports.Contents.Deliver(revision.Spec.Container, revision.Content);
    }

    /// <summary>How a worker logs in to pull an image of this service.</summary>
    public async Task<CredentialsAnswer> Credentials(CredentialsQuestion question)
    {
        await Load();
        var repository = ImageReference.Parse(question.Image).Repository;
        return Record?.Revisions.Any(it => ImageReference.Parse(it.Spec.Container.Image).IsOf(repository)) == true
            ? await ports.Contents.Credentials(question.Image)
            : new(Problem: $"service {name} runs no image of {repository}");
    }

    /// <summary>The images that a worker must keep for this service; none when there is no such service.</summary>
    public async Task<ValueList<string>> NeededImages(string worker)
    {
        await LoadReadable();
        return Record is null ? [] : Answers.NeededImages.Of(Record, worker);
    }

    /// <summary>The volumes with a name that slots have or would take again; none when there is no such service.</summary>
    public async Task<ValueList<HeldVolume>> HeldVolumes()
    {
        await LoadReadable();
        return Record is null ? [] : Answers.HeldVolumes.Of(Record);
    }

    /// <summary>What is known of content, as far as the change asks for it.</summary>
    private async Task<FreshContent> Fresh(ServiceChangeRequest request)
    {
        var asks = request.Change switch
        {
            CreateService create => ContentUses.Any(create.Spec.Container),
            UpdateService update => Uses(Record) || update.Fields.Any(it => it.Key is "secrets" or "configs" or "envFrom"),
            FollowStack follow => Uses(Record) || (follow.Spec is { } spec && ContentUses.Any(spec.Container)),
            RollBack => Record?.Revisions.Any(it => ContentUses.Any(it.Spec.Container)) == true,
            RestartInstances { Pull: true } or TakeNewContent => Uses(Record),
            RestoreService { Replace: true } => Record is not null,
            _ => false,
        };
        return new(request.Image, asks ? await ports.Contents.Current() : null);
    }

    private static bool Uses(ServiceRecord? record) => record is not null && ContentUses.Any(record.Spec.Container);

    [LoggerMessage(LogLevel.Debug, "{Worker} is given the secrets and configs of {Instance}")]
    private partial void LogDelivered(string instance, string worker);

    /// <summary>
    /// While the first batch of an update is watched, the other workers of the service can have the image already. Nobody waits for that.
    /// </summary>
    private void Prefetch(ServiceRecord changed)
    {
        if (changed.Spec.Container is not { PullPolicy: not PullPolicy.Never, Image: var image }) return;
        var bytes = changed.FindRevision(changed.Revision)?.Content.Digest is { } digest
            ? ImageReference.Parse(image).By(digest) : image;
        _ = ports.Announcements.Tell(new Announcement { Kind = AnnouncementKind.Prefetch, Service = name, Image = bytes });
    }
}
