using System.Text;
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
        List<string> answers = [await Ask(HttpMethod.Put, "/secrets/db", $$"""{"value":"{{values[0]}}"}""")];
        answers.Add(await Ask(HttpMethod.Put, "/configs/greeting", """{"value":"GREETING=hello\n"}"""));
        answers.Add(await Ask(HttpMethod.Post, "/services/keeper",
            $$"""
            {"image":"{{Engine.Image}}","instances":2,"secrets":[{"source":"db","target":"password","mode":"0440","gid":7}],
            "envFrom":[{"source":"greeting","kind":"config"}],"update":{"monitor":"100ms"} }
            """));
        var service = await cluster.Runs("keeper", 2);
        foreach (var instance in service.Instances) Assert.Equal(values[0], await Inside(instance, "cat /run/secrets/password"));
        Assert.Equal("440 0:7 hello", await Inside(service.Instances[0], "echo $(stat -c '%a %u:%g' /run/secrets/password) $GREETING"));
        Assert.Contains(
            "Read-only", (await Shell.Try("docker", Exec(service.Instances[0], "echo x >> /run/secrets/password"))).Output,
            StringComparison.OrdinalIgnoreCase);

        var changed = await Ask(HttpMethod.Put, "/secrets/db", $$"""{"value":"{{values[1]}}"}""");
        Assert.Contains("\"rolls\":[\"keeper\"]", changed, StringComparison.Ordinal);
        answers.Add(changed);
        service = await cluster.Eventually(() => cluster.Service("keeper"), it => it is { Rollout: null, Running: 2, Instances.Count: 2 }
            && it.Instances.All(instance => instance.Revision == 2), "the service has the new version");
        Assert.Equal(values[1], await Inside(service.Instances[0], "cat /run/secrets/password"));

        foreach (var path in new[] { "/secrets", "/secrets/db", "/services", "/services/keeper", "/services/keeper/history", "/members" })
            answers.Add(await Ask(HttpMethod.Get, path));
        answers.Add(await Ask(HttpMethod.Post, "/services/keeper/restart?dryRun=true", null));
        foreach (var instance in service.Instances) answers.Add(await Shell.Run("docker", "inspect", instance.ContainerId!));
        foreach (var value in values)
        {
            Assert.DoesNotContain(answers, it => it.Contains(value, StringComparison.Ordinal));
            Assert.False(cluster.Printed(value), "it was printed");
            var stored = new[] { value, Convert.ToBase64String(Encoding.UTF8.GetBytes(value)) }.Select(Encoding.UTF8.GetBytes).ToList();
            foreach (var file in Directory.EnumerateFiles(cluster.Folder, "*", SearchOption.AllDirectories))
                Assert.DoesNotContain(stored, it => Content(file).AsSpan().IndexOf(it) >= 0);
        }

        await Ask(HttpMethod.Delete, "/services/keeper");
        await cluster.Eventually(async () => (await cluster.Engine.All()).Count(it => it.StartsWith("keeper-", StringComparison.Ordinal)),
            count => count == 0, "nothing is left of the service");
        await Ask(HttpMethod.Delete, "/secrets/db");
    }

    [Fact]
    public async Task A_rebuilt_tag_is_run_when_somebody_asks_for_it_and_a_rollback_brings_the_old_bytes_back()
    {
        var image = $"busybox-www-{Guid.NewGuid():n}:1";
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
        await Ask(HttpMethod.Delete, "/services/rebuilt");
        await cluster.Eventually(async () => (await cluster.Engine.All()).Count(it => it.StartsWith("rebuilt-", StringComparison.Ordinal)),
            count => count == 0, "nothing is left of the service");
        await Shell.Try("docker", "rmi", image, $"{image}-kept");
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
