using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Orchestrator.Client.Looking;
using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Exec;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Client.Tests;

/// <summary>The client can do all that the API can.</summary>
public sealed partial class EveryRoute
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_with_every_parameter_is_asked_for_by_some_call()
    {
        var asked = await AllCalls();
        var described = Described().ToList();
        Assert.True(described.Count > 45, $"only {described.Count} operations are described");
        Assert.Equal("", string.Join("\n", described.Where(it => !asked.Contains(it)).Order()));
    }

    [Fact]
    public async Task Nothing_is_asked_for_that_the_API_does_not_describe()
    {
        var described = Described().ToHashSet();
        Assert.Equal("", string.Join("\n", (await AllCalls()).Where(it => !described.Contains(it)).Order()));
    }

    /// <summary>As <c>GET /services?limit</c>: an operation, or an operation with one of its parameters.</summary>
    private static IEnumerable<string> Described()
    {
        var paths = JsonNode.Parse(File.ReadAllText(Path.Combine(Root(), "docs", "openapi.json")))!["paths"]!.AsObject();
        foreach (var (path, operations) in paths)
        {
            foreach (var (method, operation) in operations!.AsObject().Where(it => it.Key is "get" or "put" or "post" or "delete"))
            {
                yield return $"{method.ToUpperInvariant()} {path}";
                foreach (var parameter in operation!["parameters"]?.AsArray() ?? [])
                {
                    // As text each line may have its time; objects have it anyway. Of events the header says the same.
                    if ($"{parameter!["in"]}" == "query" && $"{parameter["name"]}" is not ("timestamps" or "lastEventId"))
                        yield return $"{method.ToUpperInvariant()} {path}?{parameter["name"]}";
                }
            }
        }
    }

    private static async Task<HashSet<string>> AllCalls()
    {
        var masters = new PlayedMasters().With("a", _ => PlayedMasters.Problem(System.Net.HttpStatusCode.Conflict, "{}"));
        using var sockets = new CancellationTokenSource();
        var opened = new List<string>();
        using var client = new OrchestratorClient(new OrchestratorClientOptions
        {
            Servers = [new("http://a")], Handler = masters,
            OpenSocket = (url, _, _) =>
            {
                opened.Add($"GET a{url.PathAndQuery}");
                throw new InvalidOperationException("no socket");
            },
        });
        foreach (var call in Calls(client))
        {
            try
            {
                await call();
            }
            catch (Exception e) when (e is Problems.ProblemException or InvalidOperationException)
            {
                // What is asked counts here, not what is answered.
            }
        }

        return [.. masters.Words.Concat(opened).SelectMany(Shapes)];
    }

    private static IEnumerable<Func<Task>> Calls(OrchestratorClient client)
    {
        var (services, instances) = (client.Services, client.Instances);
        var terms = new Client.Services.ChangeTerms { Why = "because" };
        yield return () => services.Page(new("k", "v", ServiceState.Running, "w"), "a", cancel: Cancel);
        yield return () => services.Get("web", Cancel);
        ServiceChange[] wishes =
        [
            new CreateService(new() { Container = new() { Image = "i" } }), new UpdateService([]), new WithdrawService(), new RollBack(3),
            new RestartInstances(Pull: true), new PauseRollout(), new ResumeRollout(), new RebalanceInstances(), new ReleaseVolume(1),
            new RunJob(),
        ];
        foreach (var wish in wishes)
        {
            yield return () => services.Change("web", wish, terms, Cancel);
            yield return () => services.Plan("web", wish, terms, Cancel);
        }

        yield return () => client.Stacks.Page("a", cancel: Cancel);
        yield return () => client.Stacks.Get("shop", Cancel);
        yield return () => client.Stacks.Deployment("shop", 7, Cancel);
        foreach (StackChange wish in (StackChange[])[new DeploySpec(new()), new RemoveStack(), new RollBackStack(3), new RestartStack()])
        {
            yield return () => client.Stacks.Change("shop", wish, terms, Cancel);
            yield return () => client.Stacks.Plan("shop", wish, terms, Cancel);
        }

        yield return () => client.Stacks.Change("shop", new CancelDeployment(), terms, Cancel);
        yield return () => client.Stacks.Change("shop", new ResumeDeployment(), terms, Cancel);
        yield return () => services.Explain("web", 2, Cancel);
        yield return () => services.History("web", Cancel);
        yield return () => services.Endpoints("web", Cancel);
        yield return () => First(services.WatchEndpoints("web", Cancel));
        yield return () => First(services.Logs("web", Wish(), Cancel));
        yield return () => services.Stats("web", Cancel);
        yield return () => First(services.WatchStats("web", cancel: Cancel));
        yield return () => First(client.Events.Follow(cancel: Cancel));
        yield return () => First(client.Events.Follow(service: "web", cancel: Cancel));
        yield return () => First(client.Events.Kept(cancel: Cancel));
        yield return () => First(client.Events.Kept(service: "web", cancel: Cancel));

        yield return () => instances.Get("web-1-r1-a1", Cancel);
        yield return () => First(instances.Logs("web-1-r1-a1", Wish(), Cancel));
        yield return () => instances.Stats("web-1-r1-a1", Cancel);
        yield return () => First(instances.WatchStats("web-1-r1-a1", cancel: Cancel));
        yield return () => instances.Processes("web-1-r1-a1", Cancel);
        yield return () => instances.Run("web-1-r1-a1", new ExecRequest(["ls"]), Cancel);
        yield return () => instances.Talk(
            "web-1-r1-a1", new ExecWish(["sh"]) { Terminal = true, User = "u", WorkingDir = "/" }, Cancel);

        yield return () => client.Members.List(Cancel);
        yield return () => client.Members.OverruleBrake(Cancel);
        yield return () => client.Members.PlanOverrule(Cancel);
        yield return () => client.Members.ConfirmLoss(["w"], Cancel);
        yield return () => client.Members.PlanConfirmLoss(["w"], Cancel);
        yield return () => client.Workers.Drain("w", Cancel);
        yield return () => client.Workers.DrainAndWait("w", cancel: Cancel);
        yield return () => client.Workers.PlanDrain("w", Cancel);
        yield return () => client.Workers.Undrain("w", Cancel);
        yield return () => client.Workers.PlanUndrain("w", Cancel);
        yield return () => client.Maintenance.List(Cancel);
        yield return () => client.Maintenance.TakeOut("w", cancel: Cancel);
        yield return () => client.Maintenance.End("w", rebalance: true, Cancel);
        yield return () => client.Maintenance.BeginRound(cancel: Cancel);
        yield return () => client.Maintenance.StopRound(Cancel);

        yield return () => client.Secrets.List(Cancel);
        yield return () => client.Secrets.Get("s", Cancel);
        yield return () => client.Secrets.Set("s", new SecretValue { Value = "v" }, "because", Cancel);
        yield return () => client.Secrets.Delete("s", "because", Cancel);
        yield return () => client.Secrets.PlanSet("s", new SecretValue { Value = "v" }, Cancel);
        yield return () => client.Secrets.PlanDelete("s", Cancel);
        yield return () => client.Configs.List(Cancel);
        yield return () => client.Configs.Get("c", Cancel);
        yield return () => client.Configs.Set("c", new ConfigValue { Value = "v" }, "because", Cancel);
        yield return () => client.Configs.Delete("c", "because", Cancel);
        yield return () => client.Configs.PlanSet("c", new ConfigValue { Value = "v" }, Cancel);
        yield return () => client.Configs.PlanDelete("c", Cancel);
        yield return () => client.Registries.List(Cancel);
        yield return () => client.Registries.Get("r", Cancel);
        yield return () => client.Registries.Set("r", new RegistryLogin(), "because", Cancel);
        yield return () => client.Registries.Delete("r", "because", Cancel);
        yield return () => client.Registries.PlanSet("r", new RegistryLogin(), Cancel);
        yield return () => client.Registries.PlanDelete("r", Cancel);
        yield return () => client.Volumes.List("w", Cancel);
        yield return () => client.Volumes.Delete("v", "w", Cancel);
        yield return () => client.Volumes.PlanDelete("v", "w", Cancel);
        yield return () => client.Backups.Get(Cancel);
        yield return () => client.Backups.Restore(new Backup(1, []), replace: true, why: "because", dryRun: true, Cancel);
    }

    private static LogWish Wish() =>
        new() { Follow = true, Tail = 1, Since = "1m", Instance = "web-1-r1-a1", Stream = Contracts.Logs.LogStream.Stdout };

    private static async Task First<T>(IAsyncEnumerable<T> items)
    {
        await foreach (var _ in items) break;
    }

    private static IEnumerable<string> Shapes(string words)
    {
        var (method, target) = (words[..words.IndexOf(' ', StringComparison.Ordinal)],
            words[(words.IndexOf('/', StringComparison.Ordinal))..]);
        var parts = target.Split('?');
        var path = OneName().Replace(parts[0], it => $"/{it.Groups[1].Value}/{Name(it.Groups[1].Value)}");
        yield return $"{method} {path}";
        foreach (var parameter in parts.Skip(1).SelectMany(it => it.Split('&'))) yield return $"{method} {path}?{parameter.Split('=')[0]}";
    }

    private static string Name(string of) => of switch
    {
        "instances" => "{id}",
        "deployments" => "{deployment}",
        "registries" => "{host}",
        _ => "{name}",
    };

    [GeneratedRegex("/(services|stacks|deployments|instances|workers|secrets|configs|registries|volumes)/[^/]+")]
    private static partial Regex OneName();

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
