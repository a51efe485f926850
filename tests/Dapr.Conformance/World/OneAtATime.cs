namespace Conformance.World;

/// <summary>Tests that stop an application: they run alone, after all others, and leave the world as they found it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAtATime
{
    public const string Name = "One at a time";
}
