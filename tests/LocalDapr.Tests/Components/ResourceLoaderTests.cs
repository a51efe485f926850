using LocalDapr.Components;
using Orchestrator.LocalDapr_Tests.Launch;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalDapr.Tests.Components;

public sealed class ResourceLoaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_component_that_cannot_be_served_is_refused_by_file_and_type()
    {
        Write("cron.yaml", Component("tick", "bindings.cron"));
        var refusal = Assert.Throws<ResourceException>(Load);
        Assert.StartsWith(Path.Combine(folder.FullPath, "cron.yaml"), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'tick' is of type bindings.cron, which LocalDapr cannot serve", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unless_its_errors_are_to_be_ignored()
    {
        Write("cron.yaml", Component("tick", "bindings.cron", "  ignoreErrors: true"));
        Assert.Empty(Load().Resources.Components);
    }

    [Fact]
    public void Two_stores_for_actor_state_are_refused()
    {
        Write("a.yaml", Component("a", "state.redis", "  metadata: [{name: actorStateStore, value: \"true\"}]"));
        Write("b.yaml", Component("b", "state.sqlite", "  metadata: [{name: actorStateStore, value: \"true\"}]"));
        Assert.Contains("exactly one may", Assert.Throws<ResourceException>(Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_may_come_from_a_secret_file()
    {
        File.WriteAllText(Path.Combine(folder.FullPath, "secrets.json"), """{"redis":{"password":"hush"}}""");
        Write("a-state.yaml", Component(
            "state", "state.redis",
                "  metadata: [{name: redisPassword, secretKeyRef: {name: \"redis:password\", key: \"redis:password\"}}]",
                "auth: {secretStore: vault}"));
        Write("z-vault.yaml", Component(
            "vault", "secretstores.local.file",
                $"  metadata: [{{name: secretsFile, value: \"{Path.Combine(folder.FullPath, "secrets.json")}\"}}]"));
        Assert.Equal("hush", Load().Resources.Components["state"].Metadata["redisPassword"]);
    }

    [Fact]
    public void A_secret_that_is_not_there_is_refused()
    {
        Write("state.yaml", Component("state", "state.redis", "  metadata: [{name: redisPassword, secretKeyRef: {name: x, key: y}}]"));
        Assert.Contains("auth.secretStore names none", Assert.Throws<ResourceException>(Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scopes_hide_a_component_from_other_apps()
    {
        Write("state.yaml", Component("state", "state.redis", "", "scopes: [mine]"));
        Assert.Equal((1, 0), (Load().For("mine").Resources.Components.Count, Load().For("yours").Resources.Components.Count));
    }

    [Fact]
    public void Features_and_resiliency_are_read()
    {
        Write("config.yaml",
            "kind: Configuration\nspec:\n  features: [{name: ActorStateTTL, enabled: true}, {name: Other, enabled: false}]\n  nameResolution: {component: consul}");
        Write("resiliency.yaml",
            """
            kind: Resiliency
            spec:
              policies:
                timeouts: {short: 2s}
                retries: {often: {policy: exponential, maxRetries: 3, maxInterval: 1s}}
                circuitBreakers: {simple: {trip: consecutiveFailures >= 3, timeout: 10s}}
              targets:
                apps: {worker: {timeout: short, retry: often, circuitBreaker: simple}}
            """);
        var loaded = Load();
        var worker = loaded.Resiliency.Apps["worker"];
        Assert.Equal(["ActorStateTTL"], loaded.Resources.Features);
        Assert.Equal((TimeSpan.FromSeconds(2), 3, 3), (worker.Timeout, worker.Retry!.Most, worker.Breaker!.Failures));
    }

    [Fact]
    public void A_policy_that_is_not_there_is_refused()
    {
        Write("resiliency.yaml", "kind: Resiliency\nspec:\n  targets:\n    apps: {worker: {retry: often}}");
        Assert.Contains("there is no retry policy 'often'", Assert.Throws<ResourceException>(Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_yaml_is_refused_with_its_line()
    {
        Write("bad.yaml", "kind: Component\nspec: [");
        Assert.Contains("bad.yaml: line", Assert.Throws<ResourceException>(Load).Message, StringComparison.Ordinal);
    }

    private LoadedResources Load() => LoadedResources.Load([folder.FullPath], [], NullLogger.Instance);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(folder.FullPath, file), text);

    private static string Component(string name, string type, string spec = "", string top = "") =>
        $"apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {{name: {name}}}\nspec:\n  type: {type}\n  version: v1\n{spec}\n{top}\n";
}
