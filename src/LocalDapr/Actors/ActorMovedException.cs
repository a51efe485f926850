namespace LocalDapr.Actors;

/// <summary>The actor is not, or no longer, here: look again where it is.</summary>
internal sealed class ActorMovedException(ActorAddress actor) : Exception($"actor {actor} is no longer hosted here");
