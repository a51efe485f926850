namespace Orchestrator.Hosts.Bed;

/// <summary>The bed of this run; made when the first test wants it, gone with the last.</summary>
public sealed class SharedBed : IAsyncLifetime
{
    private TestBed? bed;

    /// <summary>Leaves what takes long to those who ask for it.</summary>
    internal static void OnlyByHand() => Assert.SkipUnless(Environment.GetEnvironmentVariable("ORCHESTRATOR_HOSTS") == "all",
        "it takes long; ORCHESTRATOR_HOSTS=all runs it");

    /// <summary>A cluster in which nothing is broken and no service exists.</summary>
    internal async Task<TestBed> Fresh()
    {
        if (TestBed.WhyNot() is { } reason) Assert.Skip(reason);
        bed ??= await TestBed.Start();
        await bed.Refresh();
        return bed;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (bed is not null) await bed.DisposeAsync();
    }
}
