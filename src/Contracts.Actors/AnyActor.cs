using Dapr.Actors;
using Dapr.Actors.Client;
using Orchestrator.Contracts.Listing;

namespace Orchestrator.Contracts.Actors;

/// <summary>Whether any actor can be reached: those asked belong to no service, and live on whichever hosts there are.</summary>
public static class AnyActor
{
    /// <summary>No service can have such a name. So many that they do not all live on one host of two, but for one time in 250.</summary>
    private static readonly string[] Names = [.. Enumerable.Range(0, 8).Select(number => $"nobody.{number}")];

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    /// <summary>True as soon as one has answered, be it with an error of its own.</summary>
    public static async Task<bool> Answers(IActorProxyFactory actors, TimeProvider clock, CancellationToken cancel)
    {
        var directory = actors.CreateActorProxy<IServiceDirectory>(new ActorId(DaprNames.FirstShard), DaprNames.ServiceDirectory);
        List<Task<bool>> asked =
        [
            Answers(() => directory.List(new DirectoryQuestion(null, 1, new ServiceFilter())), clock, cancel),
            .. Names.Select(name => actors.CreateActorProxy<IServiceMaster>(new ActorId(name), DaprNames.ServiceMaster))
                .Select(master => Answers(master.Summary, clock, cancel)),
        ];
        while (asked.Count > 0)
        {
            var done = await Task.WhenAny(asked);
            if (await done) return true;
            asked.Remove(done);
        }

        return false;
    }

    private static async Task<bool> Answers(Func<Task> call, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            await call().WaitAsync(Deadline, clock, cancel);
            return true;
        }
        catch (ActorMethodInvocationException)
        {
            return true;
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
