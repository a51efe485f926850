using Orchestrator.Contracts.Services;
using Orchestrator.EndToEnd.Cluster;
using Orchestrator.Testing;

namespace Orchestrator.EndToEnd;

/// <summary>A real registry behind a password, from <c>PUT /registries</c> to the answer of the program that was pulled.</summary>
[Collection(SharedCluster.Calm)]
public sealed class RegistryTests(SharedCluster shared)
{
    private readonly RunningCluster cluster = shared.Running;

    [Fact]
    public async Task A_revision_is_pulled_with_the_password_of_the_day_and_a_rollback_pulls_the_former_bytes_back()
    {
        await using var registry = await RealRegistry.Start(Assert.Skip);
        var repository = $"{registry.Host}/shop-{Guid.NewGuid():n}";
        var image = $"{repository}:1";
        try
        {
            await Push(registry, image, "old", "first-token");
            Assert.DoesNotContain("first-token", await Login(registry, "first-token"), StringComparison.Ordinal);
            await Ask(HttpMethod.Post, "/services/pulled", $$"""{"image":"{{image}}","ports":[80],"update":{"monitor":"100ms"} }""");
            Assert.Equal("old", await Answer(await Revision(1)));
            var old = (await cluster.Service("pulled")).Content.Digest!;

            // The tag moves, and so does the password, of which the API hears later.
            registry.Change("second-token");
            await Push(registry, image, "new", "second-token");
            using (var early = await cluster.Post("/services/pulled/restart?pull=true", ""))
                Assert.Contains("cannot be told", await RunningCluster.Text(early), StringComparison.Ordinal);
            await Login(registry, "second-token");
            await Ask(HttpMethod.Post, "/services/pulled/restart?pull=true");
            Assert.Equal("new", await Answer(await Revision(2)));
            Assert.NotEqual(old, (await cluster.Service("pulled")).Content.Digest);

            // The former bytes are at the registry alone.
            await cluster.Engine.RemoveEnded("pulled");
            await Shell.Run("docker", "rmi", "--force", $"{repository}@{old}");
            Assert.DoesNotContain(old, await Engine.DigestsOf(repository), StringComparison.Ordinal);
            await Ask(HttpMethod.Post, "/services/pulled/rollback");
            Assert.Equal("old", await Answer(await Revision(1)));
            Assert.Contains(old, await Engine.DigestsOf(repository), StringComparison.Ordinal);
        }
        finally
        {
            await cluster.Send(HttpMethod.Delete, "/services/pulled");
            await cluster.Send(HttpMethod.Delete, $"/registries/{registry.Host}");
            await cluster.Eventually(async () => string.Join(' ', await cluster.Engine.All()),
                all => !all.Contains("pulled-", StringComparison.Ordinal), "nothing is left of the service");
            await Engine.RemoveImages(repository);
        }

        Assert.Equal("", await Engine.ImagesOf(repository));
    }

    /// <summary>Makes an image of the name at the registry, and at the registry alone.</summary>
    private static async Task Push(RealRegistry registry, string image, string answer, string password)
    {
        var logins = Directory.CreateTempSubdirectory("orchestrator-login-").FullName;
        try
        {
            await Shell.Try("docker", "rmi", image);
            await Engine.MakeImage(image, answer);
            string[] docker = ["--config", logins];
            await Shell.Run("docker", [.. docker, "login", "-u", RealRegistry.Username, "-p", password, registry.Host]);
            await Shell.Run("docker", [.. docker, "push", "--quiet", image]);
            await Shell.Run("docker", "rmi", image);
        }
        finally
        {
            Directory.Delete(logins, recursive: true);
        }
    }

    private Task<string> Login(RealRegistry registry, string password) => Ask(HttpMethod.Put, $"/registries/{registry.Host}",
        $$"""{"username":"{{RealRegistry.Username}}","password":"{{password}}"}""");

    private Task<ServiceView> Revision(int number) => cluster.Eventually(() => cluster.Service("pulled"),
        it => it is { Rollout: null, Running: 1, Instances: [{ } only] } && only.Revision == number, $"revision {number} runs alone");

    private async Task<string> Answer(ServiceView service)
    {
        var port = service.Instances.Single().Ports.Single();
        return (await cluster.Fetch($"http://{port.Address}:{port.Host}/")).Trim();
    }

    private async Task<string> Ask(HttpMethod method, string path, string? json = null)
    {
        using var answer = await cluster.Send(method, path, json);
        var text = await RunningCluster.Text(answer);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {text}");
        return text;
    }
}
