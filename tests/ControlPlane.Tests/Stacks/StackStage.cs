using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Stacks;
using Orchestrator.ControlPlane.Tests.Api;
using Orchestrator.ControlPlane.Tests.Workflows;
using Orchestrator.ControlPlane.Workflows.Stacks;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Stacks;

/// <summary>The real program in memory with workers that do what they are told: containers of bad images end at once.</summary>
internal sealed class StackStage : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);
    private const int BeatsToReminder = 20;
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);
    private readonly HashSet<string> bad = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Image, string Worker)> live = new(StringComparer.Ordinal);
    private readonly SortedSet<string> workers = new(StringComparer.Ordinal) { "a" };
    private int carried;
    private int beats;

    public ControlPlaneOverHttp Api { get; } = new();

    public StacksInMemory Work => Api.Services.GetRequiredService<StacksInMemory>();

    /// <summary>What runs, by instance, in the order of its names: <c>shop-db-1-r1-a1 db:1</c>.</summary>
    public IEnumerable<string> Running => live.OrderBy(it => it.Key, StringComparer.Ordinal).Select(it => $"{it.Key} {it.Value.Image}");

    /// <summary>The images in the order in which their containers began.</summary>
    public ConcurrentQueue<string> Begun { get; } = new();

    /// <summary>Where workflows run on the real engine.</summary>
    public Engine? Engine { get; private set; }

    public async ValueTask DisposeAsync()
    {
        if (Engine is not null) await Engine.DisposeAsync();
        await Api.DisposeAsync();
    }

    /// <summary>The same, with workflows on the real engine.</summary>
    /// <param name="dies">After which runs of activities a master dies.</param>
    public static async Task<StackStage> OnEngine(Func<int, bool> dies, params string[] bad)
    {
        var stage = new StackStage();
        stage.bad.UnionWith(bad);
        var engine = stage.Engine = await Engine.Start(stage.Api.Clock, () => stage.Api.Services, dies);
        stage.Api.Also = services => services.Replace(ServiceDescriptor.Singleton(engine.Client))
            .Replace(ServiceDescriptor.Singleton<IStackWork>(it => it.GetRequiredService<StackWork>()))
            .Replace(ServiceDescriptor.Singleton<IStackNews>(it => it.GetRequiredService<StackWork>()));
        await engine.Add();
        await stage.Api.Renew("a");
        return stage;
    }

    /// <summary>The reminder of the stack comes.</summary>
    public Task Remind() => Api.Actors.Remind(DaprNames.StackMaster, "shop");

    public static async Task<StackStage> With(params string[] bad)
    {
        var stage = new StackStage();
        stage.bad.UnionWith(bad);
        await stage.Api.Renew("a");
        return stage;
    }

    public async Task<Answer> Deploy(string services, string rest = "", string query = "", int status = 202)
    {
        var answer = await Api.Ask($"PUT /stacks/shop{query}", $$"""{"services":{{services}}{{rest}}}""");
        return answer.Status == status ? answer : throw new InvalidOperationException($"{answer.Words}");
    }

    /// <summary>One worker more.</summary>
    public Task Join(string worker)
    {
        workers.Add(worker);
        return Api.Renew(worker);
    }

    /// <summary>The worker of an instance dies, and what runs on it.</summary>
    public void KillWorkerOf(string instance)
    {
        var dead = live[instance].Worker;
        workers.Remove(dead);
        foreach (var (name, _) in live.Where(it => it.Value.Worker == dead).ToList()) live.Remove(name);
    }

    /// <summary>Time passes until the deployment under way has ended, or waits for somebody.</summary>
    public Task<JsonNode> Settle() =>
        Pass(it => $"{it["deployment"]!["state"]}" is not ("waiting" or "running" or "rolling-back"), "the deployment ends");

    /// <summary>Time passes, and the workers work, until the stack is so.</summary>
    public async Task<JsonNode> Pass(Func<JsonNode, bool> condition, string what) => (await Eventually.Become(
        async () =>
        {
            await Beat();
            return await Api.Ask("GET /stacks/shop");
        },
        answer => answer.Status == 200 && condition(answer.Json!), Soon, what, TestContext.Current.CancellationToken)).Json!;

    /// <summary>The same, until nothing is left of it.</summary>
    public Task Gone() => Eventually.Become(
        async () =>
        {
            await Beat();
            return (await Api.Ask("GET /stacks/shop")).Words;
        },
        words => words == "404 there is no stack 'shop'", Soon, "the stack is gone", TestContext.Current.CancellationToken);

    /// <summary>One beat of the workers.</summary>
    public async Task Beat()
    {
        for (; carried < Api.Workers.Orders.Count; carried++)
        {
            var (worker, order) = Api.Workers.Orders.ElementAt(carried);
            if (!workers.Contains(worker)) continue;
            if (order is RunInstance run && !live.ContainsKey(run.Instance))
            {
                var image = run.Container.Image;
                Begun.Enqueue(image);
                var ends = bad.Contains(image) ? 1 : image.StartsWith("migrate", StringComparison.Ordinal) ? 0 : (int?)null;
                if (ends is null) live[run.Instance] = (image, worker);
                await Api.Tell(worker, run.Service, ends is { } code
                    ? new InstanceReport { Instance = run.Instance, Phase = Phase.Exited, ExitCode = code, Cause = EndCause.Program }
                    : new InstanceReport { Instance = run.Instance, Phase = Phase.Running, StartedAt = Api.Clock.GetUtcNow() });
            }
            else if (order is PrepareInstance)
            {
                await Api.Tell(worker, order.Service, new InstanceReport { Instance = order.Instance, Phase = Phase.Prepared });
            }
            else if (order is StopInstance)
            {
                live.Remove(order.Instance);
                await Api.Tell(worker, order.Service, new InstanceReport { Instance = order.Instance, Phase = Phase.Exited });
            }
            else if (order is ForgetInstance)
            {
                live.Remove(order.Instance);
                await Api.Forget(worker, order.Service, order.Instance);
            }
        }

        // As in life; with workflows in memory nothing is ever missed.
        if (Engine is not null && ++beats % BeatsToReminder == 0) await Remind();
        foreach (var worker in workers) await Api.Renew(worker, live.Count(it => it.Value.Worker == worker));
        Api.Clock.Advance(Step);
    }
}
