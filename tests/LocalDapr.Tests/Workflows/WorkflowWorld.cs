using Dapr.DurableTask.Protobuf;
using LocalDapr.Faults;
using LocalDapr.Scheduling;
using LocalDapr.State;
using LocalDapr.Workflows;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LocalDapr.Tests.Workflows;

/// <summary>The runtime of workflows with a clock that stands still, and workers that are functions.</summary>
internal sealed class WorkflowWorld : IAsyncDisposable
{
    private const string App = "app";
    private readonly CancellationTokenSource stopping = new();
    private readonly Database database;
    private readonly Scheduler scheduler;

    public WorkflowWorld(string? folder = null, FakeTimeProvider? clock = null)
    {
        Clock = clock ?? new();
        database = Database.Open(folder, survivePowerCut: false);
        scheduler = new(Clock);
        Runtime = new(database, scheduler, Faults, Clock, NullLogger.Instance);
        Api = new(App, hasStore: true, Runtime, Clock, stopping.Token);
        Runtime.Start();
    }

    public FakeTimeProvider Clock { get; }

    public FaultHooks Faults { get; } = new();

    public WorkflowRuntime Runtime { get; }

    public WorkflowApi Api { get; }

    /// <summary>The sidecar of another worker.</summary>
    public WorkerApi Sidecar(int mostBytes = 4 * 1024 * 1024, WorkflowSettings? settings = null, string app = App)
    {
        Runtime.Use(app, settings ?? new());
        return new(app, mostBytes, settings ?? new(), Runtime, scheduler, Clock);
    }

    /// <summary>A worker that answers each turn and each activity with what these give; with null it keeps silent.</summary>
    public Worker Work(
        Func<WorkflowRequest, WorkflowResponse?> turn, Func<ActivityRequest, ActivityResponse?>? activity = null,
        WorkerApi? sidecar = null, params WorkerCapability[] capabilities) =>
        new(sidecar ?? Sidecar(), turn, activity ?? (request => new() { Result = request.Input + "!" }), capabilities);

    public Task<string> StartAsync(string id, string name = "code", string? input = null) =>
        Api.StartAsync(new() { InstanceId = id, Name = name, Input = input }, wait: false, CancellationToken.None);

    public async Task<WorkflowState> EndAsync(string id) =>
        (await Api.WaitForEndAsync(id, withValues: true, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System)).WorkflowState;

    public WorkflowState? State(string id) => Api.Get(id, withValues: true).WorkflowState;

    /// <summary>A process of the same file: whatever this one still does is not seen there.</summary>
    public static void Copy(string folder, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(folder, "localdapr.db*"))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Runtime.Dispose();
        scheduler.Dispose();
        await database.DisposeAsync();
        stopping.Dispose();
    }
}
