using System.Collections.Frozen;
using System.Text.Json;
using LocalDapr.Scheduling;

namespace LocalDapr.Actors;

/// <summary>Reads <c>/dapr/config</c>: which actor types the app hosts, and how they want to be treated.</summary>
internal static class AppConfig
{
    private static readonly JsonSerializerOptions AnyCase = new(JsonSerializerDefaults.Web);

    public static FrozenDictionary<string, ActorTypeOptions> Read(byte[] json)
    {
        var told = JsonSerializer.Deserialize<Told>(json, AnyCase) ?? new();
        var types = new Dictionary<string, ActorTypeOptions>();
        foreach (string type in told.Entities ?? []) types[type] = Options(told);
        // An entry of its own replaces the options of its types as a whole: what it leaves out is Dapr's default, not the app's.
        foreach (var own in told.EntitiesConfig ?? [])
        {
            foreach (string type in own.Entities ?? []) types[type] = Options(own);
        }

        return types.ToFrozenDictionary();
    }

    private static ActorTypeOptions Options(Told told)
    {
        var defaults = new ActorTypeOptions();
        return defaults with
        {
            IdleTimeout = Duration(told.ActorIdleTimeout) ?? defaults.IdleTimeout,
            Drain = told.DrainRebalancedActors == false ? TimeSpan.Zero : Duration(told.DrainOngoingCallTimeout) ?? defaults.Drain,
            Reentrant = told.Reentrancy?.Enabled ?? false,
            MaxStackDepth = told.Reentrancy?.MaxStackDepth is > 0 and var depth ? depth : defaults.MaxStackDepth,
        };
    }

    private static TimeSpan? Duration(string? text) =>
        DaprTime.TryDuration(text, out var duration) && duration > TimeSpan.Zero ? duration : null;

    private sealed record Told
    {
        public List<string>? Entities { get; init; }

        public string? ActorIdleTimeout { get; init; }

        public string? DrainOngoingCallTimeout { get; init; }

        public bool? DrainRebalancedActors { get; init; }

        public ToldReentrancy? Reentrancy { get; init; }

        public List<Told>? EntitiesConfig { get; init; }
    }

    private sealed record ToldReentrancy
    {
        public bool Enabled { get; init; }

        public int? MaxStackDepth { get; init; }
    }
}
