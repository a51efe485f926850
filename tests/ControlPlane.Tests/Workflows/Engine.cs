extern alias Sidecars;

using System.Collections.Concurrent;
using Dapr.Workflow;
using Dapr.Workflow.Client;
using Dapr.Workflow.Registration;
using Sidecars::LocalDapr;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Stacks;
using Orchestrator.ControlPlane.Workflows.Stacks;

namespace Orchestrator.ControlPlane.Tests.Workflows;

/// <summary>The real engine of workflows in this process, and masters that work for it: processes of their own in life.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly LocalDaprHost host;
    private readonly Sidecar caller;
    private readonly ConcurrentBag<Master> masters = [];

    private Engine(LocalDaprHost host, Sidecar caller) => (this.host, this.caller) = (host, caller);

    /// <summary>The services of the program that the activities work with.</summary>
    public required Func<IServiceProvider> Program { get; init; }

    /// <summary>After which of their runs (from 1) the master dies that ran the activity, before its answer leaves.</summary>
    public Func<int, bool> Dies { get; init; } = _ => false;

    /// <summary>The activities that have run, by the master that ran them.</summary>
    public ConcurrentQueue<string> Runs { get; } = new();

    public int Deaths { get; private set; }

    public IDaprWorkflowClient Client => field ??= new DaprWorkflowClientBuilder()
        .UseGrpcEndpoint($"http://127.0.0.1:{caller.GrpcPort}").Build();

    public static async Task<Engine> Start(TimeProvider clock, Func<IServiceProvider> program, Func<int, bool>? dies = null)
    {
        var host = await LocalDaprHost.StartAsync(new() { Clock = clock });
        var caller = await host.AddSidecarAsync(new() { AppId = DaprNames.ControlPlane });
        return new(host, caller) { Program = program, Dies = dies ?? (_ => false) };
    }

    public async Task Add()
    {
        var sidecar = await host.AddSidecarAsync(new() { AppId = DaprNames.ControlPlane });
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("DAPR_GRPC_ENDPOINT", $"http://127.0.0.1:{sidecar.GrpcPort}")]);
        var name = $"master-{masters.Count + 1}";
        Master? master = null;
        builder.Services.AddDaprWorkflow(workflows =>
        {
            workflows.RegisterWorkflow<DeployStack>();
            workflows.RegisterActivity<string, StackTurn>(nameof(AdvanceStack), (context, stack) =>
                Run(master!, $"AdvanceStack by {name}", () => Of<AdvanceStack>().RunAsync(context, stack!)));
            workflows.RegisterActivity<ServiceOfStack, bool>(nameof(TellService), (context, service) =>
                Run(master!, $"TellService {service!.Service} by {name}", () => Of<TellService>().RunAsync(context, service)));
        });
        master = new(sidecar, builder.Build());
        masters.Add(master);
        await master.App.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var master in masters) await master.DisposeAsync();
        await host.DisposeAsync();
    }

    private T Of<T>() => ActivatorUtilities.CreateInstance<T>(Program());

    private async Task<T> Run<T>(Master master, string what, Func<Task<T>> activity)
    {
        var answer = await activity();
        Runs.Enqueue(what);
        if (!Dies(Runs.Count)) return answer;
        Deaths++;
        await Add();
        await master.Sidecar.DisposeAsync();
        // Whoever is dead says nothing any more.
        return await new TaskCompletionSource<T>().Task;
    }

    private sealed record Master(Sidecar Sidecar, IHost App) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Sidecar.DisposeAsync();
            App.Dispose();
        }
    }
}
