using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Dapr.Actors;
using Dapr.Actors.Client;

namespace Orchestrator.Contracts.Actors;

/// <summary>
/// Dapr's proxies, made light. Each one that Dapr's factory makes has serializer options of its own, for which all converters are compiled
/// anew at its first call: more than a millisecond of processor time a call, where a proxy is made for each. Here proxies of one interface
/// are copies of the first and differ in the actor's id alone.
/// </summary>
public sealed class LightProxies(IActorProxyFactory inner) : IActorProxyFactory
{
    private readonly ConcurrentDictionary<(Type Interface, string ActorType), ActorProxy> models = [];

    public TActorInterface CreateActorProxy<TActorInterface>(ActorId actorId, string actorType, ActorProxyOptions? options = null)
        where TActorInterface : IActor
    {
        var kind = (typeof(TActorInterface), actorType);
        if (options is null && models.TryGetValue(kind, out var model)) return (TActorInterface)(object)With(actorId, model);
        var made = inner.CreateActorProxy<TActorInterface>(actorId, actorType, options);
        if (options is null && made is ActorProxy first) models.TryAdd(kind, first);
        return made;
    }

    public object CreateActorProxy(ActorId actorId, Type actorInterfaceType, string actorType, ActorProxyOptions? options = null) =>
        inner.CreateActorProxy(actorId, actorInterfaceType, actorType, options);

    public ActorProxy Create(ActorId actorId, string actorType, ActorProxyOptions? options = null) =>
        inner.Create(actorId, actorType, options);

    private static ActorProxy With(ActorId id, ActorProxy model)
    {
        var copy = (ActorProxy)Copy(model);
        SetId(copy, id);
        return copy;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "MemberwiseClone")]
    private static extern object Copy(object proxy);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ActorId")]
    private static extern void SetId(ActorProxy proxy, ActorId id);
}
