using System.Buffers;
using LocalDapr.Wire;

namespace LocalDapr.Actors;

/// <summary>What the runtime refuses in the names of actors, reminders and timers.</summary>
internal static class ActorNames
{
    private static readonly SearchValues<char> Refused = SearchValues.Create(
        [.. "/\\#?", .. Enumerable.Range(0, 32).Select(c => (char)c), '\u007f']);

    /// <summary>For state, timers and reminders, which are not given out for types that the runtime keeps for itself.</summary>
    public static void CheckNotReserved(ActorAddress actor)
    {
        if (IsReserved(actor)) throw new ApiException(403, "ERR_ACTOR_TYPE_RESERVED", $"actor type '{actor.Type}' is reserved");
        Check(actor);
    }

    public static bool IsReserved(ActorAddress actor) => actor.Type.StartsWith("dapr.internal.", StringComparison.Ordinal);

    public static void Check(ActorAddress actor)
    {
        Check("actor type", actor.Type);
        Check("actor id", actor.Id);
    }

    public static void Check(string what, string name)
    {
        if (name is "." or ".." || name.AsSpan().ContainsAny(Refused))
            throw ApiException.BadRequest($"{what} '{name}' must not hold / \\ # ? or control characters, nor be . or ..");
    }
}
