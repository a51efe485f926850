using System.Diagnostics.CodeAnalysis;

namespace LocalDapr.Launch;

/// <summary>All apps of a run file, from the first start until the last has ended.</summary>
internal sealed class Launcher : IAsyncDisposable
{
    private readonly RunFile file;
    private readonly RunFolder folder;
    private readonly ISidecars sidecars;
    private readonly ConsoleOutput output;
    private readonly CancellationTokenSource stopping = new();
    private readonly IReadOnlyList<AppSupervisor> apps;
    private int stopRequests;

    public Launcher(RunFile file, RunFolder folder, ISidecars sidecars, ConsoleOutput output, Leftovers leftovers, TimeProvider clock)
    {
        (this.file, this.folder, this.sidecars, this.output) = (file, folder, sidecars, output);
        apps = [.. file.Apps.Select(app => new AppSupervisor(app, sidecars, leftovers.Marks, output, clock))];
    }

    public RunStatus Status => new(file.Path, folder.FullPath, Environment.ProcessId, [.. apps.Select(app => app.Status)]);

    public bool TryGet(string name, [NotNullWhen(true)] out AppSupervisor? app)
    {
        app = apps.FirstOrDefault(a => a.Name == name);
        return app is not null;
    }

    /// <summary>Ends everything: asked for once the apps may say goodbye, asked for again they are killed.</summary>
    public void Stop()
    {
        if (Interlocked.Increment(ref stopRequests) == 1)
        {
            output.Ending("stopping");
            stopping.Cancel();
            return;
        }

        foreach (var app in apps) app.Kill();
    }

    /// <summary>Runs until <see cref="Stop"/>; calls <paramref name="ready"/> once, when all apps have been healthy.</summary>
    public async Task RunAsync(Action ready)
    {
        var running = apps.Select(app => app.RunAsync(stopping.Token)).ToList();
        var announcing = AnnounceAsync(ready);
        await Task.WhenAll([.. running, announcing]);
        foreach (var app in apps) await app.RemoveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await sidecars.DisposeAsync();
        stopping.Dispose();
    }

    private async Task AnnounceAsync(Action ready)
    {
        try
        {
            await Task.WhenAll(apps.Select(app => app.UntilReadyAsync(stopping.Token)));
            ready();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It was stopped before all were healthy.
        }
    }
}
