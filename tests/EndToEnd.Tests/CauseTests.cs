using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.EndToEnd.Cluster;
using Orchestrator.Testing;

namespace Orchestrator.EndToEnd;

/// <summary>
/// What becomes of a program that ends, cannot begin, is refused its place or is held up by somebody; on real containers.
/// </summary>
[Collection(SharedCluster.Calm)]
public sealed class CauseTests(SharedCluster shared)
{
    private readonly RunningCluster cluster = shared.Running;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_stops_first_goes_on_serving_while_its_successor_has_no_place()
    {
        var port = RunFile.FreePort();
        await Post("kept", $$"""{"image":"{{Engine.Image}}","ports":["{{port}}:80"]}""");
        var before = Assert.Single((await cluster.Runs("kept", 1)).Instances);

        await cluster.Change("kept", """{"env":{"A":"1"},"resources":{"reserve":{"memory":"900Gi"} } }""");

        var after = await Says("kept", "no worker can take its successor");
        Assert.Equal((before.ContainerId, Phase.Running), (Assert.Single(after.Instances).ContainerId, after.Instances[0].Phase));
        Assert.Equal("ok", (await cluster.Fetch($"http://localhost:{port}/")).Trim());
        await cluster.Withdraw("kept");
    }

    [Fact]
    public async Task An_update_of_what_completes_is_done_when_it_has_completed()
    {
        await Post("job", $$"""
            {"image":"{{Engine.Image}}","command":["/bin/busybox","true"],"restart":{"condition":"on-failure"},
                "update":{"monitor":"200ms"} }
            """);
        await Says("job", "finished with exit code 0; its restart policy is on-failure");

        await cluster.Change("job", """{"env":{"A":"1"}}""");

        var after = await cluster.Eventually(() => cluster.Service("job"),
            s => s is { Rollout: null, LastRollout: not null }, "the update is over");
        Assert.Equal((2, "1/1 updated to revision 2"), (after.Revision, after.LastRollout));
    }

    [Fact]
    public async Task A_port_that_somebody_else_has_excludes_the_worker_and_is_no_failure()
    {
        var port = RunFile.FreePort();
        using var foreign = new TcpListener(IPAddress.Any, port);
        foreign.Start();
        await Post("bound", $$"""{"image":"{{Engine.Image}}","ports":["{{port}}:80"],"restart":{"attempts":1} }""");
        await cluster.Eventually(() => cluster.History("bound"), told => told.Any(line =>
            line.StartsWith("bound-1-r1-a1 on worker-", StringComparison.Ordinal)
            && line.Contains("already in use", StringComparison.Ordinal)),
            "the first worker could not begin it");
        foreign.Stop();

        var runs = Assert.Single((await cluster.Runs("bound", 1)).Instances);
        Assert.Equal("bound-1-r1-a2", runs.Name);
        Assert.DoesNotContain(await cluster.History("bound"), line => line.StartsWith($"bound-1-r1-a1 on {runs.Worker} ",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_is_given_once_at_each_address()
    {
        var port = RunFile.FreePort();
        foreach (var address in new[] { "127.0.0.1", "127.0.0.2" })
            await Post($"at-{address[^1]}", $$"""{"image":"{{Engine.Image}}","ports":["{{address}}:{{port}}:80"],"placement":{{OnA}} }""");
        await Post("at-all", $$"""{"image":"{{Engine.Image}}","ports":["0.0.0.0:{{port}}:80"],"placement":{{OnA}} }""");

        foreach (var address in new[] { "127.0.0.1", "127.0.0.2" })
        {
            await cluster.Runs($"at-{address[^1]}", 1);
            Assert.Equal("ok", (await cluster.Fetch($"http://{address}:{port}/")).Trim());
        }

        var waits = await cluster.Eventually(() => cluster.Service("at-all"), s => s.Waiting.Count > 0, "the third waits");
        Assert.Contains($"{port.ToString(CultureInfo.InvariantCulture)}/tcp", waits.Waiting[0], StringComparison.Ordinal);
        Assert.Equal(0, waits.Running);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_told_in_the_words_of_the_engine()
    {
        await Post("absent", $$"""{"image":"{{Engine.Image}}","command":["/no/such/program"],"restart":{"attempts":1} }""");

        var sentence = (await Says("absent", "failed once")).Waiting[0];
        Assert.Contains("no such file or directory", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("removed", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_its_data_in_a_volume_stays_with_it_until_somebody_lets_go()
    {
        var volume = $"{cluster.Name}-data";
        await Post("database", $$"""{"image":"{{Engine.Image}}","volumes":["{{volume}}:/data"]}""");
        try
        {
            var first = Assert.Single((await cluster.Runs("database", 1)).Instances);
            await cluster.Engine.Kill(first.Name);
            var second = Assert.Single((await cluster.Eventually(() => cluster.Service("database"),
                s => s is { Running: 1, Instances: [{ Name: "database-1-r1-a2" }] }, "it runs again")).Instances);
            Assert.Equal((first.Worker, $"its volume {volume} is there"), (second.Worker, second.Reason));

            var held = $"needs its volume {volume}, which is on {first.Worker} (draining)";
            Assert.Contains(held, await DrainPlan(first.Worker), StringComparison.Ordinal);
            await cluster.Client().Services.Change("database", new ReleaseVolume(), cancel: Cancel);
            Assert.Contains("database-1-r1-a3", await DrainPlan(first.Worker), StringComparison.Ordinal);
        }
        finally
        {
            await cluster.Withdraw("database");
            await cluster.Eventually(async () => string.Join(' ', await cluster.Engine.All()),
                all => !all.Contains("database-", StringComparison.Ordinal), "nothing is left of it");
            await Shell.Try("docker", "volume", "rm", volume);
        }
    }

    [Fact]
    public async Task A_volume_that_is_exclusive_is_open_once_on_each_worker_while_it_is_updated_too()
    {
        var volume = $"{cluster.Name}-alone";
        using var life = new LifeWatch(cluster.Name);
        await Post("alone", $$"""
            {"image":"{{Engine.Image}}","instances":3,"volumes":[{"source":"{{volume}}","target":"/data","exclusive":true}],
                "update":{"monitor":"200ms"} }
            """);
        try
        {
            await Says("alone", $"slot 3: no worker can take it: 2 workers have volume {volume} open exclusively");
            var first = await cluster.Eventually(() => cluster.Service("alone"), s => s.Running == 2, "two run");
            Assert.Equal(2, first.Instances.Select(i => i.Worker).Distinct().Count());

            await cluster.Change("alone", """{"env":{"A":"1"} }""");

            var second = await cluster.Eventually(() => cluster.Service("alone"),
                s => s is { Running: 2, Rollout: null } && s.Instances.All(i => i.Revision == 2), "both are of the second revision");
            Assert.Equal(2, second.Instances.Select(i => i.Worker).Distinct().Count());
            Assert.True(life.MostOf("alone") == 2, life.Story);
        }
        finally
        {
            await cluster.Withdraw("alone");
            await cluster.Eventually(async () => string.Join(' ', await cluster.Engine.All()),
                all => !all.Contains("alone-", StringComparison.Ordinal), "nothing is left of it");
            await Shell.Try("docker", "volume", "rm", volume);
        }
    }

    [Fact]
    public async Task What_no_worker_allows_is_told_before_and_after_and_is_never_begun()
    {
        const string Why = "no worker can take it: 2 workers do not mount /etc: it is not in a folder of ALLOWED_BIND_PATHS";
        const string Curious = $$"""{"image":"{{Engine.Image}}","volumes":["/etc:/host:ro"]}""";
        using var life = new LifeWatch(cluster.Name);
        using var planned = await cluster.Post("/services/curious?dryRun=true", Curious);
        Assert.Contains(Why, await RunningCluster.Text(planned), StringComparison.Ordinal);

        await Post("curious", Curious);
        await Says("curious", Why);
        var stored = await cluster.Stored("curious");
        var explained = await cluster.Client().Services.Explain("curious", cancel: Cancel);
        Assert.Equal(["worker-a policy", "worker-b policy"],
            explained.Slots.Single().Refused.Select(it => $"{it.Worker} {it.Rule}").Order(StringComparer.Ordinal));

        // Another service is begun and runs meanwhile: nothing of this one was.
        await cluster.Create("modest", 2);
        Assert.Equal(stored, await cluster.Stored("curious"));
        Assert.True(life.MostOf("curious") == 0, life.Story);
        Assert.DoesNotContain(await cluster.Engine.All(), it => it.StartsWith("curious-", StringComparison.Ordinal));
        Assert.DoesNotContain(await cluster.History("curious"), it => it.Contains("refused", StringComparison.Ordinal));
        foreach (var service in new[] { "curious", "modest" }) await cluster.Withdraw(service);
    }

    [Fact]
    public async Task Nobody_waits_for_the_end_of_an_unhealthy_one()
    {
        const string Program = """["/bin/busybox","sh","-c","trap '' TERM; >/tmp/well; while :; do /bin/busybox sleep 1; done"]""";
        const string Health = """{"command":["/bin/busybox","test","-e","/tmp/well"],"interval":"1s","retries":1}""";
        await Post("sick", $$"""{"image":"{{Engine.Image}}","command":{{Program}},"stopGrace":"40s","health":{{Health}} }""");
        var first = Assert.Single((await cluster.Runs("sick", 1)).Instances);

        await Shell.Run("docker", "exec", first.ContainerId!, "/bin/busybox", "rm", "/tmp/well");

        var both = await cluster.Eventually(() => cluster.Service("sick"), s => s is { Running: 1, Instances.Count: 2 }, "two are there");
        Assert.Equal(["sick-1-r1-a1 Stopping", "sick-1-r1-a2 Running"], both.Instances.Select(i => $"{i.Name} {i.Phase}"));
        await cluster.Withdraw("sick");
        await cluster.Engine.Kill("sick-1-r1-a1");
        await cluster.Engine.Kill("sick-1-r1-a2");
    }

    [Fact]
    public async Task What_somebody_has_paused_is_shown_as_such_and_does_not_run()
    {
        var first = Assert.Single((await cluster.Create("frozen", 1)).Instances);
        await Shell.Run("docker", "pause", first.ContainerId!);
        var frozen = await Says("frozen", "somebody has paused its container");
        Assert.Equal((0, Phase.Paused), (frozen.Running, Assert.Single(frozen.Instances).Phase));

        await Shell.Run("docker", "unpause", first.ContainerId!);
        Assert.Equal(first.ContainerId, Assert.Single((await cluster.Runs("frozen", 1)).Instances).ContainerId);
    }

    [Theory]
    [InlineData("init-on", "true", "docker-init")]
    [InlineData("init-off", "false", "busybox")]
    public async Task An_init_is_there_where_somebody_wants_one(string service, string init, string first)
    {
        const string Program = """["/bin/busybox","sh","-c","/bin/busybox sleep 100; :"]""";
        await Post(service, $$"""{"image":"{{Engine.Image}}","command":{{Program}},"init":{{init}},"stopGrace":"1s"}""");
        var runs = Assert.Single((await cluster.Runs(service, 1)).Instances);
        Assert.Equal(first, await Shell.Run("docker", "exec", runs.ContainerId!, "/bin/busybox", "cat", "/proc/1/comm"));
    }

    private const string OnA = """{"constraints":["worker == worker-a"]}""";

    private Task Post(string service, string json) => cluster.Make(service, json);

    private async Task<string> DrainPlan(string worker) => JsonSerializer.Serialize(
        await cluster.Client().Workers.PlanDrain(worker, Cancel), ContractsJson.Options);

    private Task<ServiceView> Says(string service, string words) => cluster.Eventually(() => cluster.Service(service),
        s => s.Waiting.Any(w => w.Contains(words, StringComparison.Ordinal)), $"{service} says: {words}");
}
