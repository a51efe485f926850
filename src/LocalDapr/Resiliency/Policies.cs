using System.Collections.Concurrent;

namespace LocalDapr.Resiliency;

/// <summary>The policies that one app's calls are subject to, by target.</summary>
internal sealed class Policies(ResiliencySpec spec, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Policy> made = [];

    /// <summary>Calls of another app.</summary>
    public Policy App(string appId) => Of("app/" + appId, spec.Apps.GetValueOrDefault(appId));

    /// <summary>Calls of actors of a type. A breaker of scope id (the default) counts for each actor by itself.</summary>
    public Policy Actor(string type, string id)
    {
        if (!spec.Actors.TryGetValue(type, out var target)) return Of("", null);
        return Of(target.BreakerPerActor && target.Breaker is not null ? $"actor/{type}/{id}" : "actor/" + type, target);
    }

    /// <summary>Deliveries into the app from a component.</summary>
    public Policy Inbound(string component) => Of("in/" + component, spec.Inbound.GetValueOrDefault(component));

    private Policy Of(string key, ResiliencyTarget? target) =>
        made.TryGetValue(key, out var policy) ? policy : made.GetOrAdd(key, new Policy(clock)
        {
            Timeout = target?.Timeout,
            Retry = target?.Retry,
            Breaker = target?.Breaker is { } b ? new(b.Failures, b.Open, b.Trials, clock) : null,
        });
}
