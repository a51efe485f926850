using LocalDapr.Components;
using LocalDapr.PubSub;
using LocalDapr.Resiliency;
using LocalDapr.Secrets;
using LocalDapr.Workflows;

namespace LocalDapr;

/// <summary>
/// What resources folders tell, read to the end: each building block has read its own documents, so that mistakes show at start.
/// </summary>
internal sealed record LoadedResources(
    Resources Resources, ResiliencySpec Resiliency, WorkflowSettings Workflows, IReadOnlyList<DeclaredSubscription> Subscriptions)
{
    /// <exception cref="ResourceException">A file cannot be used.</exception>
    public static LoadedResources Load(IReadOnlyList<string> folders, IReadOnlyList<string> configurationFiles, ILogger log)
    {
        var resources = new ResourceLoader(SecretStore.Read, log).Load(folders, configurationFiles);
        return new(
            folders.Count > 0 ? resources : resources with { Components = Resources.DefaultComponents },
            new ResiliencyReader(log).Read(resources.Of("Resiliency")),
            WorkflowSettingsReader.Read(resources.Of("Configuration")),
            [.. resources.Of("Subscription").Select(SubscriptionFiles.Read)]);
    }

    public LoadedResources For(string appId) => this with
    {
        Resources = Resources.For(appId),
        Subscriptions = [.. Subscriptions.Where(s => s.IsFor(appId))],
    };
}
