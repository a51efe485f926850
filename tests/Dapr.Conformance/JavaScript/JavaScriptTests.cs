using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Conformance.Promises;
using Conformance.World;
using Dapr.Actors;
using Dapr.Actors.Client;
using Dapr.Client;

namespace Conformance.JavaScript;

/// <summary>A client that nobody here wrote: the official SDK for JavaScript, over HTTP and gRPC.</summary>
public sealed partial class JavaScriptTests(NodeApp node, DaprWorld world) : IClassFixture<NodeApp>
{
    /// <summary>Read from the application itself, so that no check can be forgotten here.</summary>
    public static TheoryData<string> Checks =>
        [.. CheckNames().Matches(File.ReadAllText(Path.Combine(Packages.Folder, "checks.mjs"))).Select(match => match.Groups[1].Value)];

    [Theory, MemberData(nameof(Checks)),
        Holds("4", "The official JavaScript SDK invokes, stores, publishes, subscribes, locks, hosts actors, and runs workflows")]
    public void The_javascript_sdk_finds_that(string check)
    {
        Assert.SkipWhen(node.CannotRun is not null, node.CannotRun ?? "");
        if (node.Outcome(check) is var outcome and not "ok") Assert.Fail(outcome);
    }

    [Fact, Holds("4", "Applications of both SDKs call each other")]
    public async Task A_dotnet_application_calls_the_javascript_one()
    {
        Assert.SkipWhen(node.CannotRun is not null, node.CannotRun ?? "");
        using var http = DaprClient.CreateInvokeHttpClient(
            "conformance-js", $"http://127.0.0.1:{world.A1.Address.HttpPort}", Environment.GetEnvironmentVariable("DAPR_API_TOKEN"));
        using var answer = await http.PostAsync("/greet", JsonContent.Create(new { name = "bob" }), TestContext.Current.CancellationToken);
        Assert.Equal("""{"greeting":"hello bob"}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact, Holds("4", "Actors of both SDKs call each other")]
    public async Task A_dotnet_application_calls_a_javascript_actor()
    {
        Assert.SkipWhen(node.CannotRun is not null, node.CannotRun ?? "");
        var proxy = world.A1.Actors.Create(new ActorId(Unique.Name("tally")), "Tally");
        Assert.Equal(7, await proxy.InvokeMethodAsync<int[], int>("add", [7], TestContext.Current.CancellationToken));
    }

    [GeneratedRegex("async \"([^\"]+)\"\\(")]
    private static partial Regex CheckNames();
}
