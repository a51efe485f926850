namespace Orchestrator.Simulation.Tests;

/// <summary>Everything that is left to chance, from one seed.</summary>
internal sealed class Dice(int seed)
{
#pragma warning disable CA5394 // A seed, not a secret.
    private readonly Random random = new(seed);

    public int Next(int below) => random.Next(below);

    public int Next(int from, int below) => random.Next(from, below);

    public bool Happens(double probability) => probability > 0 && random.NextDouble() < probability;

    public TimeSpan Between(double leastSeconds, double mostSeconds) =>
        TimeSpan.FromSeconds(leastSeconds + ((mostSeconds - leastSeconds) * random.NextDouble()));

    public T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    /// <summary>For the parts that take dice of their own.</summary>
    public Func<double> Another() => new Random(random.Next()).NextDouble;
#pragma warning restore CA5394
}
