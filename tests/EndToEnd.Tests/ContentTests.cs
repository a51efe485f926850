using System.Net;
using System.Text;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.EndToEnd.Cluster;
using Orchestrator.Testing;

namespace Orchestrator.EndToEnd;

/// <summary>Secrets are where they belong and nowhere else; a revision runs its bytes and no others.</summary>
public sealed class ContentTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private readonly RunningCluster cluster = shared.Running;

    [Fact]
    public async Task A_secret_is_in_its_containers_and_nowhere_else()
    {
        string[] values = [$"first-{Guid.NewGuid():n}", $"second-{Guid.NewGuid():n}"];
        var token = $"token-{Guid.NewGuid():n}";
        await using var events = new EventClient(cluster.Client(), "start");
        List<string> answers = [await Ask(HttpMethod.Put, "/secrets/db", $$"""{"value":"{{values[0]}}"}""")];
        answers.Add(await Ask(HttpMethod.Put, "/secrets/token", $$"""{"value":"{{token}}"}"""));
        answers.Add(await Ask(HttpMethod.Put, "/configs/greeting", """{"value":"GREETING=hello\n"}"""));
        answers.Add(await Ask(HttpMethod.Post, "/services/keeper",
            $$"""
            {"image":"{{Engine.Image}}","instances":2,"secrets":[{"source":"db","target":"password","mode":"0440","gid":7},
            {"source":"db","target":"/etc/keeper/db","uid":1000,"gid":1000,"mode":"0400"}],
            "configs":[{"source":"greeting","target":"/etc/keeper/greeting.env","mode":"0644","uid":33},"greeting"],
            "envFrom":[{"source":"greeting","kind":"config"},{"source":"token","name":"TOKEN"}],"update":{"monitor":"100ms"} }
            """));
        var service = await cluster.Runs("keeper", 2);
        foreach (var instance in service.Instances) Assert.Equal(values[0], await Inside(instance, "cat /run/secrets/password"));
        Assert.Equal("440 0:7 hello", await Inside(service.Instances[0], "echo $(stat -c '%a %u:%g' /run/secrets/password) $GREETING"));
        Assert.Equal($"400 1000:1000 {values[0]} {token}",
            await Inside(service.Instances[0], "echo $(stat -c '%a %u:%g' /etc/keeper/db) $(cat /etc/keeper/db) $TOKEN"));
        Assert.Equal("644 33:0 GREETING=hello", await Inside(
            service.Instances[0], "echo $(stat -c '%a %u:%g' /etc/keeper/greeting.env) $(cat /etc/keeper/greeting.env)"));
        Assert.Equal("444 GREETING=hello", await Inside(service.Instances[0], "echo $(stat -c '%a' /greeting) $(cat /greeting)"));
        foreach (var file in new[] { "/run/secrets/password", "/etc/keeper/db", "/etc/keeper/greeting.env" })
        {
            Assert.Contains("Read-only", (await Shell.Try("docker", Exec(service.Instances[0], $"echo x >> {file}"))).Output,
                StringComparison.OrdinalIgnoreCase);
        }

        var changed = await Ask(HttpMethod.Put, "/secrets/db", $$"""{"value":"{{values[1]}}"}""");
        Assert.Contains("\"rolls\":[\"keeper\"]", changed, StringComparison.Ordinal);
        answers.Add(changed);
        service = await cluster.Eventually(() => cluster.Service("keeper"), it => it is { Rollout: null, Running: 2, Instances.Count: 2 }
            && it.Instances.All(instance => instance.Revision == 2), "the service has the new version");
        Assert.Equal(values[1], await Inside(service.Instances[0], "cat /run/secrets/password"));

        answers.AddRange(await Told(events, service, values[1]));
        foreach (var value in values)
        {
            // Whoever may inspect containers sees variables, but no files.
            foreach (var instance in service.Instances)
                Assert.DoesNotContain(value, await Shell.Run("docker", "inspect", instance.ContainerId!), StringComparison.Ordinal);
        }

        foreach (var value in values.Append(token))
        {
            Assert.DoesNotContain(answers, it => it.Contains(value, StringComparison.Ordinal));
            Assert.False(cluster.Printed(value), "it was printed");
            var stored = new[] { value, Convert.ToBase64String(Encoding.UTF8.GetBytes(value)) }.Select(Encoding.UTF8.GetBytes).ToList();
            foreach (var file in Directory.EnumerateFiles(cluster.Folder, "*", SearchOption.AllDirectories))
                Assert.DoesNotContain(stored, it => Content(file).AsSpan().IndexOf(it) >= 0);
        }

        await Withdrawn("keeper");
        foreach (var path in new[] { "/secrets/db", "/secrets/token", "/configs/greeting" }) await Ask(HttpMethod.Delete, path);
    }

    [Fact]
    public async Task A_secret_that_a_secret_store_keeps_is_read_there_when_an_instance_starts()
    {
        await Ask(HttpMethod.Put, "/secrets/far", """{"from":{"store":"vault","key":"db","field":"password"}}""");
        await Ask(HttpMethod.Post, "/services/distant", $$"""{"image":"{{Engine.Image}}","secrets":["far"]}""");
        var service = await cluster.Runs("distant", 1);
        Assert.Equal(Vault.Password, await Inside(service.Instances[0], "cat /run/secrets/far"));
        Assert.DoesNotContain(Vault.Password, await Ask(HttpMethod.Get, "/secrets/far"), StringComparison.Ordinal);

        using var refused = await cluster.Send(
            HttpMethod.Put, "/secrets/far", """{"from":{"store":"vault","key":"db","field":"token"}}""");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(
            "'db' of secret store vault has no value 'token'", await RunningCluster.Text(refused), StringComparison.Ordinal);
        await Withdrawn("distant");
        await Ask(HttpMethod.Delete, "/secrets/far");
    }

    [Fact]
    public async Task A_rebuilt_tag_is_run_when_somebody_asks_for_it_and_a_rollback_brings_the_old_bytes_back()
    {
        var name = $"busybox-www-{Guid.NewGuid():n}";
        var image = $"{name}:1";
        try
        {
            await Engine.MakeImage(image, "old");
            await Ask(HttpMethod.Post, "/services/rebuilt", $$"""{"image":"{{image}}","ports":[80],"update":{"monitor":"100ms"} }""");
            var service = await cluster.Runs("rebuilt", 1);
            Assert.Equal("old", await Answer(service));
            Assert.Contains("has not moved", await Ask(HttpMethod.Post, "/services/rebuilt/restart?pull=true"), StringComparison.Ordinal);

            // The old image has no name any more; a crash brings it back all the same.
            await Shell.Run("docker", "tag", image, $"{image}-kept");
            await Engine.MakeImage(image, "new");
            await cluster.Engine.Kill(service.Instances.Single().Name);
            service = await cluster.Eventually(() => cluster.Service("rebuilt"), it => it.Running == 1
                && it.Instances.Single().Name == "rebuilt-1-r1-a2", "it runs again");
            Assert.Equal("old", await Answer(service));

            await Ask(HttpMethod.Post, "/services/rebuilt/restart?pull=true");
            Assert.Equal("new", await Answer(await Revision(2)));
            await Ask(HttpMethod.Post, "/services/rebuilt/rollback");
            Assert.Equal("old", await Answer(await Revision(1)));
            await Withdrawn("rebuilt");
        }
        finally
        {
            await cluster.Engine.RemoveAll("rebuilt");
            await Engine.RemoveImages(name);
        }

        Assert.Equal("", await Engine.ImagesOf(name));
    }

    /// <summary>All that anybody can be told of the service, and what is answered to a mistake.</summary>
    private async Task<List<string>> Told(EventClient events, ServiceView service, string value)
    {
        List<string> told = [];
        foreach (var path in new[]
        {
            "/secrets", "/secrets/db", "/services", "/services/keeper", "/services/keeper/history", "/services/keeper/explain", "/members",
            "/backup", "/services/keeper/logs", $"/instances/{service.Instances[0].Name}/logs",
        }) told.Add(await Ask(HttpMethod.Get, path));
        Assert.Contains("keeper", told[7], StringComparison.Ordinal);
        told.Add(await Ask(HttpMethod.Post, "/services/keeper/restart?dryRun=true", null));
        foreach (var app in cluster.RunFile.Apps) told.Add(await cluster.Fetch(new Uri(app.AppUrl, "/metrics").ToString()));
        foreach (var wrong in new[] { $$"""{"value":"{{value}}","base64":"{{value}}"}""", $$"""{"valeu":"{{value}}"}""", $"\"{value}\"" })
        {
            using var refused = await cluster.Put("/secrets/db", wrong);
            Assert.Equal(400, (int)refused.StatusCode);
            told.Add(await RunningCluster.Text(refused));
        }

        await cluster.Eventually(() => Task.FromResult(events.Told.ToArray()), all =>
            all.Any(it => it.Event is { Service: "keeper", Revision: 2 }), "the events tell of the second revision");
        told.AddRange(events.Told.Select(it => JsonSerializer.Serialize(it.Event, ContractsJson.Options)));
        return told;
    }

    private async Task Withdrawn(string service)
    {
        await Ask(HttpMethod.Delete, $"/services/{service}");
        await cluster.Eventually(
            async () => (await cluster.Engine.All()).Count(it => it.StartsWith($"{service}-", StringComparison.Ordinal)),
            count => count == 0, $"nothing is left of {service}");
    }

    private Task<ServiceView> Revision(int number) => cluster.Eventually(() => cluster.Service("rebuilt"),
        it => it is { Rollout: null, Running: 1, Instances.Count: 1 } && it.Instances.Single().Revision == number,
        $"revision {number} runs alone");

    private async Task<string> Answer(ServiceView service)
    {
        var port = service.Instances.Single().Ports.Single();
        return (await cluster.Fetch($"http://{port.Address}:{port.Host}/")).Trim();
    }

    private static Task<string> Inside(InstanceView instance, string command) => Shell.Run("docker", Exec(instance, command));

    private static string[] Exec(InstanceView instance, string command) =>
        ["exec", instance.ContainerId!, "/bin/busybox", "sh", "-c", command];

    /// <summary>Also of a file that somebody is writing.</summary>
    private static byte[] Content(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var all = new MemoryStream();
            stream.CopyTo(all);
            return all.ToArray();
        }
        catch (IOException)
        {
            // It has gone, or is a socket.
            return [];
        }
    }

    /// <summary>The whole answer as it came over the wire: it must not hold what nobody may see.</summary>
    private async Task<string> Ask(HttpMethod method, string path, string? json = null)
    {
        using var answer = await cluster.Send(method, path, json);
        var text = await RunningCluster.Text(answer);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {text}");
        return text;
    }
}
