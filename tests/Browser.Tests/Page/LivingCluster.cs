using Orchestrator.Client;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Looking;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Tests.Api;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Testing;

namespace Orchestrator.Browser.Tests.Page;

/// <summary>
/// The real program at a port that a browser reaches, in which time goes on as it does outside, and whose workers are played: they renew
/// their leases, do what they are told, and write lines. A container of an image with <c>bad</c> in its name ends at once.
/// </summary>
internal sealed class LivingCluster : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource end = new();
    private readonly ControlPlaneOverHttp master;
    private readonly FakeLogs logs;
    private readonly Dictionary<string, Dictionary<string, InstanceReport>> containers = new(StringComparer.Ordinal);
    private readonly Task life;
    private int carried, second;

    private LivingCluster(int[] ports, params (string Name, string Value)[] settings)
    {
        Url = new Uri($"http://localhost:{ports[0]}");
        master = new([("API_PORT", $"{ports[0]}"), ("APP_PORT", $"{ports[1]}"), ("PUBLIC_URL", Url.ToString().TrimEnd('/')), .. settings]);
        master.UseKestrel();
        master.StartServer();
        logs = new FakeLogs(master.Lines);
        master.Lines.Answers[WorkerMethods.Stats] = Stats;
        foreach (var worker in new[] { "worker-a", "worker-b", "worker-c" }) containers[worker] = new(StringComparer.Ordinal);
        life = Task.Run(() => Live(end.Token));
        Client = new OrchestratorClient(Url.ToString());
    }

    public Uri Url { get; }

    public OrchestratorClient Client { get; }

    /// <summary>Workers that are silent.</summary>
    public HashSet<string> Silent { get; } = [];

    /// <summary>Other masters, by name.</summary>
    public Dictionary<string, Uri> Others { get; } = [];

    public static LivingCluster Start(params (string Name, string Value)[] settings) => new(FreePorts.Find(2), settings);

    /// <summary>As if its process had been killed: it answers nobody any more.</summary>
    public async Task Kill()
    {
        await end.CancelAsync();
        await life.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await master.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Kill();
        end.Dispose();
    }

    /// <summary>What goes wrong in here ends the test that waits for it, for nothing moves any more.</summary>
    private async Task Live(CancellationToken cancel)
    {
        for (var beat = 0; !cancel.IsCancellationRequested; beat++)
        {
            master.Clock.Advance(Step);
            if (beat % 10 == 0) await Renew();
            await CarryOut();
            await Task.Delay(Step, TimeProvider.System, cancel);
        }
    }

    private async Task Renew()
    {
        foreach (var (name, address) in Others) await master.Renew(new MasterReport(name, address.ToString().TrimEnd('/')));
        foreach (var (index, (worker, has)) in containers.Index())
        {
            if (Silent.Contains(worker)) continue;
            var live = Live(worker);
            var answer = await master.Renew(new WorkerReport
            {
                Name = worker, Incarnation = 1, Sequence = 0, Address = "10.0.0.1", Capacity = new(8, ByteSize.Mi(8192)),
                Services = [.. live.Select(it => Service(it.Instance)).Distinct()],
                Labels = ValueMap.Of(("zone", $"zone-{index + 1}")),
                Load = new WorkerLoad { Instances = live.Count, Cpu = 0.15 + 0.3 * index, Memory = 0.3 + 0.1 * index },
            });
            var asked = answer.Unreached.Union(answer.ReportEverything ? has.Keys.Select(Service) : []);
            foreach (var service in asked) await Tell(worker, service);
        }
    }

    private Task Tell(string worker, string service) => master.Tell(new ServiceReport
    {
        Worker = worker, Service = service, Sequence = 0, Complete = true,
        Instances = [.. containers[worker].Values.Where(it => Service(it.Instance) == service)],
    });

    private List<InstanceReport> Live(string worker) => [.. containers[worker].Values.Where(it => it.Phase == Phase.Running)];

    private async Task CarryOut()
    {
        for (; carried < master.Workers.Orders.Count; carried++)
        {
            var (worker, order) = master.Workers.Orders.ElementAt(carried);
            if (Silent.Contains(worker)) continue;
            var report = new ServiceReport { Worker = worker, Service = order.Service, Sequence = 0, Complete = false };
            if (order is ForgetInstance)
            {
                containers[worker].Remove(order.Instance);
                await master.Tell(report with { Gone = [order.Instance] });
                continue;
            }

            containers[worker][order.Instance] = After(worker, order, containers[worker].GetValueOrDefault(order.Instance));
            await master.Tell(report with { Instances = [containers[worker][order.Instance]] });
        }
    }

    private InstanceReport After(string worker, Order order, InstanceReport? known)
    {
        var now = master.Clock.GetUtcNow();
        switch (order)
        {
            case RunInstance run when known is null or { Phase: Phase.Prepared }:
                var isBad = run.Container.Image.Contains("bad", StringComparison.Ordinal);
                logs.Write(worker, order.Instance, ++second % 60, isBad ? "cannot read /etc/app.conf" : "listening at port 80");
                var runs = new InstanceReport
                {
                    Instance = order.Instance, Phase = Phase.Running, StartedAt = now, ContainerId = new string('c', 64),
                    Fingerprint = run.Fingerprint,
                    Ports = [.. run.Container.Ports.Select(it => new PublishedPort(it.Container, 30000 + ++second, "10.0.0.1"))],
                };
                return isBad ? runs with { Phase = Phase.Exited, EndedAt = now, ExitCode = 1, Cause = EndCause.Program } : runs;
            case PrepareInstance when known is null:
                return new() { Instance = order.Instance, Phase = Phase.Prepared };
            case StopInstance:
                return (known ?? new() { Instance = order.Instance, Phase = Phase.Exited }) with
                {
                    Phase = Phase.Exited, EndedAt = now, ExitCode = 0, Cause = EndCause.Order,
                };
            default:
                return known!;
        }
    }

    private async IAsyncEnumerable<object> Stats(
        string worker, object question, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var asked = (StatsQuestion)question;
        for (var sample = 1; ; sample++)
        {
            foreach (var it in Live(worker).Where(it => Service(it.Instance) == asked.Service))
            {
                yield return new InstanceStats
                {
                    Instance = it.Instance, Worker = worker, At = master.Clock.GetUtcNow(), Cpu = 0.2 + 0.15 * Math.Sin(sample / 3.0),
                    Memory = 40_000_000 + 300_000 * sample, MemoryLimit = 256 << 20, NetworkReceived = 9000L * sample,
                    NetworkSent = 20_000L * sample, BlockRead = 0, BlockWritten = 4096L * sample, Processes = 5,
                };
            }

            if (!asked.Follow) yield break;
            await Task.Delay(asked.Every, master.Clock, cancel);
        }
    }

    private static string Service(string instance) => InstanceName.TryParse(instance, out var name) ? name.Service : "";
}
