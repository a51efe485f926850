using System.Net;
using System.Text.Json.Nodes;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.EndToEnd.Cluster;

namespace Orchestrator.EndToEnd;

/// <summary>What a newcomer does in the first minutes; as curl does it, for statuses and bodies are what is tested here.</summary>
public sealed class MainJobTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private readonly RunningCluster cluster = shared.Running;

    [Fact]
    public async Task A_posted_service_runs_and_its_containers_answer()
    {
        var created = await cluster.Post("/services/hello", $$"""{"image":"{{Engine.Image}}","ports":[80],"instances":3}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/services/hello", created.Headers.Location?.ToString());

        var service = await cluster.Runs("hello", 3);

        Assert.Equal(["hello-1-r1-a1", "hello-2-r1-a1", "hello-3-r1-a1"], service.Instances.Select(i => i.Name));
        Assert.Equal(["worker-a", "worker-b"], service.Instances.Select(i => i.Worker).Distinct().Order());
        foreach (var instance in service.Instances)
        {
            Assert.Matches("^[0-9a-f]{64}$", instance.ContainerId!);
            var port = Assert.Single(instance.Ports);
            Assert.Equal("ok", (await cluster.Fetch($"http://{port.Address}:{port.Host}/")).Trim());
        }
    }

    [Fact]
    public async Task Members_lists_masters_and_workers_with_status_and_load()
    {
        var members = await cluster.Members();

        Assert.Equal(
            ["control-plane-1 master ready", "control-plane-2 master ready", "worker-a worker ready", "worker-b worker ready"],
            members.Members.Select(m => $"{m.Name} {m.Role} {m.Status}".ToLowerInvariant()));
        Assert.All(members.Members.Where(m => m.Role == MemberRole.Worker), worker =>
        {
            Assert.InRange(worker.Load!.Cpu, 0, 1);
            Assert.InRange(worker.Load.Memory, 0.001, 1);
            Assert.True(worker.Capacity!.Cpu > 0 && worker.Capacity.Memory.Bytes > 0, $"{worker.Name} tells no capacity");
        });
        Assert.Null(members.Brake);
    }

    [Fact]
    public async Task Scaling_ends_with_exactly_the_wanted_number_and_both_masters_say_the_same()
    {
        await cluster.Create("scaled", 3);
        foreach (var wanted in new[] { 10, 2, 0, 3 })
        {
            var answer = await cluster.Put("/services/scaled", $$"""{"instances":{{wanted}}}""", master: 1);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

            var service = await cluster.Runs("scaled", wanted);
            await cluster.Eventually(
                async () => string.Join(' ',
                    (await cluster.Engine.All()).Where(name => name.StartsWith("scaled-", StringComparison.Ordinal))),
                names => names == string.Join(' ', service.Instances.Select(i => i.Name).Order(StringComparer.Ordinal)),
                $"docker ps shows exactly the {wanted} instances");
            Assert.Equal(service.Instances, (await cluster.Service("scaled", master: 1)).Instances);
        }
    }

    [Fact]
    public async Task A_killed_container_is_replaced_by_a_new_instance_in_its_slot()
    {
        await cluster.Create("killed", 2);
        await cluster.Engine.Kill("killed-2-r1-a1");

        var service = await cluster.Eventually(
            () => cluster.Service("killed"), s =>
                s.Running == 2 && s.Instances.All(i => i.Name != "killed-2-r1-a1"), "the killed instance is replaced");

        Assert.Equal(["killed-1-r1-a1", "killed-2-r1-a2"], service.Instances.Select(i => i.Name));
        await cluster.Eventually(
            async () => string.Join(' ', await cluster.Engine.All()), all => !all.Contains("killed-2-r1-a1"), "nothing is left of it");
    }

    [Fact]
    public async Task A_fixed_host_port_is_published_as_asked()
    {
        var port = RunFile.FreePort();
        var answer = await cluster.Post("/services/fixed", $$"""{"image":"{{Engine.Image}}","ports":[{"container":80,"host":{{port}}}]}""");
        Assert.True(answer.IsSuccessStatusCode, await RunningCluster.Text(answer));

        await cluster.Runs("fixed", 1);

        Assert.Equal("ok", (await cluster.Fetch($"http://localhost:{port}/")).Trim());
    }

    [Fact]
    public async Task Delete_leaves_no_container_and_the_name_can_be_used_again()
    {
        await cluster.Create("again", 2);
        var deleted = await cluster.Send(HttpMethod.Delete, "/services/again");
        Assert.True(deleted.IsSuccessStatusCode, await RunningCluster.Text(deleted));

        await cluster.Eventually(
            async () => (await cluster.Send(HttpMethod.Get, "/services/again")).StatusCode, status =>
                status == HttpStatusCode.NotFound, "the service is unknown");
        Assert.DoesNotContain(await cluster.Engine.All(), name => name.StartsWith("again-", StringComparison.Ordinal));

        var service = await cluster.Create("again", 1);
        Assert.DoesNotContain(service.Instances, instance => instance.Name.StartsWith("again-1-r1-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_name_can_be_used_again_at_once_after_a_delete()
    {
        await cluster.Create("quick", 2);
        await cluster.Send(HttpMethod.Delete, "/services/quick");
        var service = await cluster.Create("quick", 2);

        await cluster.Eventually(
            async () => string.Join(' ', (await cluster.Engine.All()).Where(name => name.StartsWith("quick-", StringComparison.Ordinal))),
            names => names == string.Join(' ', service.Instances.Select(i => i.Name).Order(StringComparer.Ordinal)),
            "only the new instances are left");
    }

    [Fact]
    public async Task The_alias_of_the_seed_creates_and_scales()
    {
        var created = await cluster.Post("/service/alias", $$"""{"image":"{{Engine.Image}}","instances":1}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var scaled = await cluster.Put("/service/alias", """{"instances":2}""");
        Assert.Equal(HttpStatusCode.OK, scaled.StatusCode);
        await cluster.Runs("alias", 2);
    }

    [Fact]
    public async Task A_second_create_is_a_conflict_and_changes_nothing()
    {
        await cluster.Create("twice", 1);
        var second = await cluster.Post("/services/twice", """{"image":"something-else:1","instances":5}""");
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal(1, (await cluster.Service("twice")).Spec.Instances);
    }

    [Fact]
    public async Task The_list_of_services_comes_in_pages_by_name()
    {
        foreach (var name in new[] { "paged-c", "paged-a", "paged-b" })
            Assert.Equal(HttpStatusCode.Created,
                (await cluster.Post($"/services/{name}", $$"""{"image":"{{Engine.Image}}","instances":0}""")).StatusCode);

        var first = await cluster.Get<ServiceList>(0, "/services?after=paged-&limit=2");
        Assert.Equal(("paged-a paged-b", "paged-b"), (string.Join(' ', first.Services.Select(s => s.Name)), first.Next));
        var second = await cluster.Get<ServiceList>(1, $"/services?after={first.Next}&limit=1");
        Assert.Equal("paged-c", Assert.Single(second.Services).Name);

        var refused = await cluster.Send(HttpMethod.Get, "/services?limit=0");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("limit: must be 1 to 500", await RunningCluster.Text(refused));
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_is_told_in_words()
    {
        var answer = await cluster.Post("/services/nowhere", """{"image":"localhost:1/no-such-image:7","instances":1}""");
        Assert.True(answer.IsSuccessStatusCode, await RunningCluster.Text(answer));

        var service = await cluster.Eventually(
            () => cluster.Service("nowhere"), s =>
                s.Waiting.Any(w => w.Contains("no-such-image", StringComparison.Ordinal)), "the service says what it waits for");

        var sentence = service.Waiting.First(w => w.Contains("no-such-image", StringComparison.Ordinal));
        Assert.Contains("localhost:1/no-such-image:7", sentence);
        Assert.Matches("worker-[ab]", sentence);
        Assert.Contains("connection refused", sentence);
        Assert.Equal(HttpStatusCode.Accepted, (await cluster.Send(HttpMethod.Delete, "/services/nowhere")).StatusCode);
    }

    [Theory]
    [InlineData("""{"image":"x","ports":[80""", "")]
    [InlineData("""["not an object"]""", "")]
    [InlineData("""{"ports":[80]}""", "image")]
    [InlineData("""{"image":"","ports":[80]}""", "image")]
    [InlineData("""{"image":"x","colour":"red"}""", "colour")]
    [InlineData("""{"image":"x","ports":[0]}""", "ports[0]")]
    [InlineData("""{"image":"x","ports":[80,70000]}""", "ports[1]")]
    [InlineData("""{"image":"x","ports":[80,80]}""", "ports[1]")]
    [InlineData("""{"image":"x","ports":["eighty"]}""", "ports[0]")]
    [InlineData("""{"image":"x","instances":-1}""", "instances")]
    [InlineData("""{"image":"x","instances":1000000}""", "instances")]
    [InlineData("""{"image":"x","instances":"three"}""", "instances")]
    public async Task Wrong_input_is_refused_with_the_name_of_the_field(string json, string field)
    {
        var answer = await cluster.Post("/services/wrong", json);

        var problem = JsonNode.Parse(await RunningCluster.Text(answer))!;
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"),
            (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.True(problem["errors"]!.AsObject().Any(error => error.Key.StartsWith(field, StringComparison.Ordinal)),
            problem.ToJsonString());
        Assert.Equal(HttpStatusCode.NotFound, (await cluster.Send(HttpMethod.Get, "/services/wrong")).StatusCode);
    }

    [Theory]
    [InlineData("Web")]
    [InlineData("-web")]
    [InlineData("web_1")]
    [InlineData("w.eb")]
    [InlineData("a234567890123456789012345678901234567890x")]
    public async Task A_bad_service_name_is_refused(string name)
    {
        var answer = await cluster.Post($"/services/{name}", """{"image":"x"}""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull(JsonNode.Parse(await RunningCluster.Text(answer))!["errors"]!["name"]);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task An_unknown_service_is_not_found(string method)
    {
        var answer = await cluster.Send(new HttpMethod(method), "/services/unknown", method == "PUT" ? """{"instances":1}""" : null);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"),
            (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Who_shows_no_token_reaches_nothing_of_Daprs()
    {
        await cluster.Create("guarded", 1);
        const string Order = """{"service":"x","instance":"x-1-r1-a1","epoch":9,"container":{"image":"busybox-www:1"}}""";
        var (master, worker) = (cluster.RunFile.Masters[0], cluster.RunFile.Apps.First(app => app.AppId == "worker-a"));

        Assert.Equal(
            [
                "404 at the API", "401 at the master's app port", "404 and 401 for what is at the other", "401 at the worker",
                "401 at the sidecar",
            ],
            [
                $"{await Ask(HttpMethod.Delete, master.ApiPort, "actors/ServiceMaster/guarded")} at the API",
                $"{await Ask(HttpMethod.Delete, master.AppPort, "actors/ServiceMaster/guarded")} at the master's app port",
                $"{await Ask(HttpMethod.Get, master.ApiPort, "dapr/config")} and "
                    + $"{await Ask(HttpMethod.Delete, master.AppPort, "services/guarded")} for what is at the other",
                $"{await Ask(HttpMethod.Post, worker.AppPort, "instances/run", Order)} at the worker",
                $"{await Ask(HttpMethod.Put, master.SidecarPort, "v1.0/actors/ServiceMaster/guarded/method/Change", "{}")} at the sidecar",
            ]);
        await cluster.Runs("guarded", 1);
    }

    private static async Task<int> Ask(HttpMethod method, int port, string path, string? body = null)
    {
        using var http = new HttpClient();
        using var message = new HttpRequestMessage(method, new Uri($"http://127.0.0.1:{port}/{path}"));
        if (body is not null) message.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(message, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
