using System.Collections.Concurrent;
using System.Reflection;
using Dapr.Actors;
using Dapr.Actors.Client;
using Dapr.Actors.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using Orchestrator.Contracts;
using Orchestrator.ControlPlane.Dapr;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>The real actors in this process, each activated by its first call, as a sidecar would run them.</summary>
internal sealed class ActorsInMemory(IServiceProvider services) : IActorProxyFactory, IDisposable
{
    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        [DaprNames.ServiceMaster] = typeof(ServiceMaster),
        [DaprNames.MemberRegistry] = typeof(MemberRegistry),
        [DaprNames.ServiceDirectory] = typeof(ServiceDirectory),
        [DaprNames.EventLog] = typeof(EventLog),
        [DaprNames.StackMaster] = typeof(StackMaster),
    };

    private readonly ConcurrentDictionary<string, Lazy<ActorInMemory>> actors = new(StringComparer.Ordinal);

    /// <summary>What stands between a caller and an actor (<c>ServiceMaster/web</c>): an exception that the sidecar meets.</summary>
    public Func<string, Exception?> OnTheWay { get; set; } = _ => null;

    /// <summary>The same, met by the actor itself.</summary>
    public Func<string, Exception?> Inside { get; set; } = _ => null;

    /// <summary>The same, when the actor has done its work.</summary>
    public Func<string, Exception?> OnTheWayBack { get; set; } = _ => null;

    public TActorInterface CreateActorProxy<TActorInterface>(ActorId actorId, string actorType, ActorProxyOptions? options = null)
        where TActorInterface : IActor
    {
        var proxy = DispatchProxy.Create<TActorInterface, ProxyInMemory>();
        var name = $"{actorType}/{actorId}";
        var actor = actors.GetOrAdd(name, _ => new(() => new ActorInMemory(Activate(actorType, actorId), name, this)));
        ((ProxyInMemory)(object)proxy).Actor = actor.Value;
        return proxy;
    }

    /// <summary>A reminder comes, as the sidecar would bring it.</summary>
    public Task Remind(string type, string id) => actors[$"{type}/{id}"].Value.Turn(
        actor => ((IRemindable)actor).ReceiveReminderAsync("look-again", [], TimeSpan.Zero, TimeSpan.Zero));

    public object CreateActorProxy(ActorId actorId, Type actorInterfaceType, string actorType, ActorProxyOptions? options = null) =>
        throw new NotSupportedException("we call by interface");

    public ActorProxy Create(ActorId actorId, string actorType, ActorProxyOptions? options = null) =>
        throw new NotSupportedException("we call by interface");

    public void Dispose()
    {
        foreach (var actor in actors.Values) actor.Value.Dispose();
    }

    private object Activate(string actorType, ActorId id)
    {
        var options = new ActorTestOptions { ActorId = id, TimerManager = Mock.Of<ActorTimerManager>() };
        return ActivatorUtilities.CreateInstance(services, Types[actorType], ActorHost.CreateForTest(Types[actorType], options));
    }
}
