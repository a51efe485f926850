using System.Diagnostics.Metrics;

namespace Orchestrator.Testing;

/// <summary>Makes meters that nobody reads.</summary>
public sealed class NoMeters : IMeterFactory
{
    public static NoMeters Instance { get; } = new();

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        return new Meter(options);
    }

    public void Dispose()
    {
    }
}
