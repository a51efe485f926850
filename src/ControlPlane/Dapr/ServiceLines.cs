using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>The lines of all services, for whoever looks for those that have something in common.</summary>
internal sealed class ServiceLines(ActorCalls actors, IDirectory directory)
{
    private const int PageSize = 500;
    private const int AskedAtATime = 16;

    /// <exception cref="NoAnswerException">The directory gives no answer.</exception>
    public async Task<IReadOnlyList<ServiceSummary>> All(CancellationToken cancel)
    {
        await directory.Arrived(cancel);
        List<ServiceSummary> all = [];
        string? after = null;
        do
        {
            var page = await actors.List(new DirectoryQuestion(after, PageSize, new ServiceFilter()), cancel);
            all.AddRange(page.Services);
            all.AddRange(await Asked(page.Unknown, cancel));
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    /// <summary>Who uses a secret or a config.</summary>
    /// <inheritdoc cref="All"/>
    public static IEnumerable<(ServiceSummary Service, UsedContent Use)> Using(
        IEnumerable<ServiceSummary> services, ContentKind kind, string name) =>
        services.SelectMany(it => it.Uses.Where(use => use.Kind == kind && use.Name == name).Select(use => (it, use)));

    /// <summary>What each service has to say itself.</summary>
    public async Task<IEnumerable<ServiceSummary>> Asked(ValueList<string> names, CancellationToken cancel)
    {
        var asked = new ServiceSummary?[names.Count];
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = AskedAtATime, CancellationToken = cancel };
        await Parallel.ForAsync(0, asked.Length, atATime,
            async (at, stop) => asked[at] = await Ask(names[at], stop));
        return asked.OfType<ServiceSummary>();
    }

    /// <summary>One service that cannot tell how it is does not fail the others.</summary>
    private async Task<ServiceSummary?> Ask(string service, CancellationToken cancel)
    {
        try
        {
            return await actors.Service(service, master => master.Summary(), cancel);
        }
        catch (NoAnswerException e)
        {
            return new()
            {
                Name = service, Image = "", Revision = 0, Wanted = 0, Observed = false, State = ServiceState.Unknown, Waiting = e.Message,
            };
        }
    }

    /// <summary>Nothing is known of it, neither what it uses.</summary>
    public static bool IsSilent(ServiceSummary service) =>
        service is { Revision: 0, State: ServiceState.Unknown or ServiceState.Unreadable };
}
