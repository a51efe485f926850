using Conformance.World;
using Dapr.Actors;
using Dapr.Actors.Client;
using Dapr.Actors.Runtime;

namespace Conformance.Apps;

public interface IChain : IActor
{
    Task Hello();

    /// <summary>Calls the link of the same id, which calls back here, until no hops are left; answers who was passed.</summary>
    Task<string> Go(int hops);
}

public interface ILink : IActor
{
    Task Hello();
    Task<string> Go(int hops);
}

/// <summary>A in A → B → A; hosted by <c>conformance-a</c>.</summary>
public sealed class Chain(ActorHost host) : Actor(host), IChain
{
    public Task Hello() => Task.CompletedTask;

    public async Task<string> Go(int hops) =>
        hops == 0 ? "chain" : "chain " + await Hop.To<ILink>(this, ActorTypes.Link).Go(hops - 1);
}

/// <summary>B in A → B → A; hosted by <c>conformance-b</c>.</summary>
public sealed class Link(ActorHost host) : Actor(host), ILink
{
    public Task Hello() => Task.CompletedTask;

    public async Task<string> Go(int hops)
    {
        if (hops == 0) return "link";
        try
        {
            return "link " + await Hop.To<IChain>(this, ActorTypes.Chain).Go(hops - 1);
        }
        catch (Dapr.DaprApiException e)
        {
            Journal.Note(Id.GetId(), $"refused {e.ErrorCode} {e.Message}");
            throw;
        }
    }
}

internal static class Hop
{
    public static T To<T>(Actor from, string type) where T : IActor => from.ProxyFactory.CreateActorProxy<T>(from.Id, type);
}
