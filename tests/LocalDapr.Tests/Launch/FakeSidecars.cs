using LocalDapr.Launch;

namespace Orchestrator.LocalDapr_Tests.Launch;

/// <summary>Stands in for the runtime: writes down what the launcher does with sidecars.</summary>
internal sealed class FakeSidecars : ISidecars, ILaunchOutput
{
    private readonly Lock gate = new();
    private readonly List<string> events = [];

    /// <summary>What every app looks like at present.</summary>
    public volatile bool Healthy = true;

    public IReadOnlyList<string> Events
    {
        get { lock (gate) return [.. events]; }
    }

    public Task<ISidecar> AddAsync(RunFileApp app, CancellationToken cancel)
    {
        Add($"sidecar of {app.Name} added");
        return Task.FromResult<ISidecar>(new FakeSidecar(this, app.Name));
    }

    public void Event(string app, string text) => Add($"{app}: {text}");

    public void Line(string app, string line) => Add($"{app} | {line}");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Add(string what)
    {
        lock (gate) events.Add(what);
    }

    private sealed class FakeSidecar(FakeSidecars all, string name) : ISidecar
    {
        public int HttpPort => 3500;

        public int GrpcPort => 50001;

        public AppHealth AppHealth => all.Healthy ? new(true) : new(false, "told to");

        public void ReportAppExited() => all.Add($"sidecar of {name} told of the end");

        public ValueTask DisposeAsync()
        {
            all.Add($"sidecar of {name} gone");
            return ValueTask.CompletedTask;
        }
    }
}
