using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>What workers have behind the tag <c>web:1</c>, put together.</summary>
public sealed class ImageFinderExamples
{
    private const string Old = "sha256:1111";
    private const string New = "sha256:2222";

    private readonly FakeOrderTransport transport = new();

    [Fact]
    public async Task Workers_that_have_different_bytes_under_a_tag_are_told_and_the_first_count()
    {
        var found = await Find(("a", new(Old, "sha256:a")), ("b", new(New, "sha256:b")), ("c", new(Old, "sha256:a")));
        Assert.Equal((Old, ValueMap.Of(("a", Old), ("b", New), ("c", Old))), (found.Digest, found.Differing));
    }

    [Fact]
    public async Task One_that_was_built_on_a_worker_differs_from_that_of_a_registry()
    {
        var found = await Find(("a", new(null, "sha256:built")), ("b", new(New, "sha256:b")));
        Assert.Equal((New, ValueMap.Of(("a", "sha256:built"), ("b", New))), (found.Digest, found.Differing));
        Assert.Empty(found.ImageIds);
    }

    [Fact]
    public async Task Where_all_have_the_same_there_is_nothing_to_tell()
    {
        var found = await Find(("a", new(Old, "sha256:a")), ("b", new(Old, "sha256:a")));
        Assert.Equal((Old, null), (found.Digest, found.Differing));
    }

    [Fact]
    public async Task A_login_is_that_of_the_host_that_is_asked_however_it_is_written()
    {
        var contents = new MemoryContents(new FakeTimeProvider());
        foreach (var host in new[] { "docker.io", "host.example:443" })
            await contents.Store.SetRegistry(host, new() { Username = $"user of {host}", Password = "hunter2" }, "a person");

        foreach (var image in new[] { "x:1", "EVIL/app:1", "Host.example:443/app", "docker.io/library/x" })
            await Finder(contents, "a").Find(new() { Image = image }, CancellationToken.None);

        Assert.Equal(["user of docker.io", null, "user of host.example:443", "user of docker.io"],
            transport.AskedForImages.Select(it => it.Question.Credentials?.Username));
    }

    private async Task<FoundImage> Find(params (string Worker, ImageSeen Seen)[] there)
    {
        transport.Images = (worker, _) => new(there.Single(it => it.Worker == worker).Seen);
        var finder = Finder(new MemoryContents(new FakeTimeProvider()), [.. there.Select(it => it.Worker)]);
        return (await finder.Find(new() { Image = "web:1" }, CancellationToken.None))!;
    }

    private ImageFinder Finder(MemoryContents contents, params string[] workers)
    {
        var all = new FakeWorkers([], workers);
        foreach (var name in workers) all.ByName[name] = all.ByName[name] with { Images = ["web:1"] };
        return new(transport, all, contents.Store, NullLogger<ImageFinder>.Instance);
    }
}
