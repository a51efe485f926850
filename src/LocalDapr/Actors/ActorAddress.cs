namespace LocalDapr.Actors;

/// <summary>One actor, wherever it runs.</summary>
internal readonly record struct ActorAddress(string Type, string Id)
{
    public override string ToString() => $"{Type}/{Id}";
}
