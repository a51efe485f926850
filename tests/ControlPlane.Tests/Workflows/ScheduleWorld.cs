extern alias Sidecars;

using Dapr.Workflow;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ControlPlane.Tests.Services;
using Orchestrator.ControlPlane.Workflows.Schedules;
using Sidecars::LocalDapr;

namespace Orchestrator.ControlPlane.Tests.Workflows;

/// <summary>
/// The job <c>web</c> with its real keeper, and masters that carry its workflow out beside sidecars of this process, all of them by one
/// clock that moves when it is told to.
/// </summary>
internal sealed class ScheduleWorld : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly LocalDaprHost dapr;
    private readonly List<Master> masters = [];
    private readonly CancellationTokenSource stopping = new();

    private ScheduleWorld(ServiceStage stage, LocalDaprHost dapr) => (Stage, this.dapr) = (stage, dapr);

    public ServiceStage Stage { get; }

    /// <summary>Called by a master before a run begins, and after it has begun but nobody was told.</summary>
    public Func<DueRun, Master, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    public Func<DueRun, Master, Task> After { get; set; } = (_, _) => Task.CompletedTask;

    public JobRecord Job => Stage.Store.Stored!.Job!;

    public IReadOnlyList<DateTimeOffset> Begun => [.. Job.Runs.Select(run => run.ScheduledFor).OfType<DateTimeOffset>()];

    public static async Task<ScheduleWorld> Start(string job)
    {
        var stage = new ServiceStage("a");
        var host = await LocalDaprHost.StartAsync(new LocalDaprOptions { Clock = stage.Clock }, Cancel);
        var world = new ScheduleWorld(stage, host);
        await world.StartMaster();
        var post = new SchedulePost(world.masters[0].Followers, stage.Clock, NullLogger<SchedulePost>.Instance);
        _ = post.Run(world.stopping.Token);
        stage.Schedules.Real = post;
        await stage.Hear("a");
        await world.Ask(Wish.Create(job));
        return world;
    }

    public async Task<Master> StartMaster()
    {
        var sidecar = await dapr.AddSidecarAsync(new SidecarOptions { AppId = "control-plane" }, Cancel);
        var master = new Master(this, sidecar);
        masters.Add(master);
        await master.Start();
        return master;
    }

    public Master First => masters[0];

    /// <summary>Who follows the schedule now.</summary>
    public Task<Follower> Follower() => masters.First(it => it.IsAlive).Followers.Find("web", Cancel);

    public void Pass(int seconds) => Stage.Clock.Advance(TimeSpan.FromSeconds(seconds));

    public async Task<ServiceAnswer> Ask(ServiceChange change, string? id = null)
    {
        await turn.WaitAsync(Cancel);
        try
        {
            return await Stage.Ask(change, id);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The keeper is woken as its alarm would wake it.</summary>
    public async Task LookAgain()
    {
        await turn.WaitAsync(Cancel);
        try
        {
            await Stage.Keeper.LookAgain("alarm");
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>All that runs ends well.</summary>
    public async Task Complete()
    {
        await turn.WaitAsync(Cancel);
        try
        {
            foreach (var instance in Stage.Store.Stored!.Instances.ToList()) await Stage.Complete("a", instance.Name);
        }
        finally
        {
            turn.Release();
        }
    }

    public Task<IReadOnlyList<DateTimeOffset>> UntilBegun(int count) =>
        PassingTime.Until(() => Begun, begun => begun.Count >= count, $"{count} runs have begun");

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        foreach (var master in masters) await master.Kill();
        await dapr.DisposeAsync();
        stopping.Dispose();
        turn.Dispose();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The part of a master that takes part in workflows.</summary>
    internal sealed class Master : IJobCalls
    {
        private readonly ScheduleWorld world;
        private readonly Sidecar sidecar;
        private readonly IHost host;

        public Master(ScheduleWorld world, Sidecar sidecar)
        {
            (this.world, this.sidecar) = (world, sidecar);
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Configuration.AddInMemoryCollection([new("DAPR_GRPC_ENDPOINT", $"http://127.0.0.1:{sidecar.GrpcPort}")]);
            builder.Services.AddSingleton<IJobCalls>(this).AddLogging();
            builder.Services.AddDaprWorkflow(workflows =>
            {
                workflows.RegisterWorkflow<FollowSchedule>();
                workflows.RegisterActivity<AskSchedule>();
                workflows.RegisterActivity<BeginDueRun>();
            });
            host = builder.Build();
            Followers = new Followers(host.Services.GetRequiredService<DaprWorkflowClient>(), TimeProvider.System);
        }

        public Followers Followers { get; }

        public bool IsAlive { get; private set; } = true;

        public Task Start() => host.StartAsync(Cancel);

        public async Task<ScheduleAnswer> Next(string service)
        {
            await world.turn.WaitAsync(Cancel);
            try
            {
                return JobCalls.Of(await world.Stage.Keeper.Get());
            }
            finally
            {
                world.turn.Release();
            }
        }

        public async Task<bool> Begin(DueRun due)
        {
            await world.Before(due, this);
            var begun = JobCalls.HasBegun(await world.Ask(new RunDue(due.At), JobCalls.IdOf(due)));
            await world.After(due, this);
            return begun;
        }

        /// <summary>It dies in the middle of what it does, which is never answered.</summary>
        public async Task Die()
        {
            _ = Kill();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, world.stopping.Token);
        }

        /// <summary>It ends at once, whatever it does, and its sidecar with it.</summary>
        public async Task Kill()
        {
            if (!IsAlive) return;
            IsAlive = false;
            await Task.Yield();
            await sidecar.DisposeAsync();
            using var atOnce = new CancellationTokenSource(TimeSpan.Zero, TimeProvider.System);
            await host.StopAsync(atOnce.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            host.Dispose();
        }
    }
}
