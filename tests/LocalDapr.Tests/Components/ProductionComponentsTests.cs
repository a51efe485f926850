using System.Text.RegularExpressions;
using Orchestrator.LocalDapr_Tests.Launch;

namespace LocalDapr.Tests.Components;

/// <summary>What several machines are run with, as far as a test without daprd and Consul can tell.</summary>
public sealed partial class ProductionComponentsTests
{
    [Fact]
    public void Consul_asks_sidecar_and_app_on_loopback() => Assert.Equal(
        ["http://127.0.0.1:${DAPR_HTTP_PORT}/v1.0/healthz?appid=${APP_ID}", "http://127.0.0.1:${APP_PORT}/healthz"],
        Check().Matches(Text("config.yaml")).Select(match => match.Groups[1].Value));

    [Fact]
    public void An_app_that_was_down_for_long_is_found_again() =>
        Assert.DoesNotMatch(@"\n\s*deregisterCriticalServiceAfter", Text("config.yaml"));

    [Theory, InlineData("pubsub-redis.yaml"), InlineData("statestore-redis.yaml")]
    public void One_variable_switches_tls_for_all_of_redis(string file) =>
        Assert.Matches(@"- name: enableTLS\s+envRef: REDIS_TLS\n", Text(file));

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, "components", "production", file));

    [GeneratedRegex("""^\s+http: "(.*)"$""", RegexOptions.Multiline)]
    private static partial Regex Check();
}
