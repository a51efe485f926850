using LocalDapr.Launch;

namespace Orchestrator.LocalDapr_Tests.Launch;

/// <summary>Stands in for the runtime: writes down what the launcher does with sidecars.</summary>
internal sealed class FakeSidecars : ISidecars, ILaunchOutput
{
    private readonly Lock gate = new();
    private readonly List<string> events = [];
    private volatile FakeSidecar? last;

    /// <summary>What every app looks like at present.</summary>
    public volatile bool Healthy = true;

    /// <summary>Ends the sidecar that was added last, as a request to its API would.</summary>
    public void ShutDown() => last!.End();

    public IReadOnlyList<string> Events
    {
        get { lock (gate) return [.. events]; }
    }

    public Task<ISidecar> AddAsync(RunFileApp app, CancellationToken cancel)
    {
        last = new FakeSidecar(this, app);
        Add($"sidecar of {app.Name} added");
        return Task.FromResult<ISidecar>(last);
    }

    public void Event(string app, string text) => Add($"{app}: {text}");

    public void Trouble(string app, string text) => Event(app, text);

    public void Line(string app, string line) => Add($"{app} | {line}");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Add(string what)
    {
        lock (gate) events.Add(what);
    }

    private sealed class FakeSidecar(FakeSidecars all, RunFileApp app) : ISidecar
    {
        private static int taken = 3500;
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>A free one each time, when none is asked for.</summary>
        public int HttpPort { get; } = app.DaprHttpPort > 0 ? app.DaprHttpPort : Interlocked.Increment(ref taken);

        public int GrpcPort { get; } = app.DaprGrpcPort > 0 ? app.DaprGrpcPort : Interlocked.Increment(ref taken);

        public AppHealth AppHealth => all.Healthy ? new(true) : new(false, "told to");

        public Task Ended => ended.Task;

        public void End() => ended.TrySetResult();

        public void ReportAppExited() => all.Add($"sidecar of {app.Name} told of the end");

        public ValueTask DisposeAsync()
        {
            End();
            all.Add($"sidecar of {app.Name} gone");
            return ValueTask.CompletedTask;
        }
    }
}
