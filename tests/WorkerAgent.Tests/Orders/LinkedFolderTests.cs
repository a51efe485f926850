using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Orders;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Orders;

/// <summary>Real folders and links; a container that may write into an allowed folder can make such links.</summary>
public sealed class LinkedFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string allowed;
    private readonly string elsewhere;

    public LinkedFolderTests()
    {
        var root = RealPath.Of(folder.Path);
        (allowed, elsewhere) = (Path.Combine(root, "allowed"), Path.Combine(root, "elsewhere"));
        Directory.CreateDirectory(Path.Combine(allowed, "www"));
        Directory.CreateDirectory(Path.Combine(elsewhere, "etc"));
        File.CreateSymbolicLink(Path.Combine(allowed, "out"), elsewhere);
        File.CreateSymbolicLink(Path.Combine(allowed, "up"), "../elsewhere");
        File.CreateSymbolicLink(Path.Combine(allowed, "in"), "www");
        File.CreateSymbolicLink(Path.Combine(allowed, "twice"), "in");
        File.CreateSymbolicLink(Path.Combine(allowed, "circle"), "circle");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "door"), allowed);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("allowed/www", "allowed/www")]
    [InlineData("allowed//www/./", "allowed/www")]
    [InlineData("allowed/out", "elsewhere")]
    [InlineData("allowed/out/etc", "elsewhere/etc")]
    [InlineData("allowed/out/not/there", "elsewhere/not/there")]
    [InlineData("allowed/up/etc", "elsewhere/etc")]
    [InlineData("allowed/twice", "allowed/www")]
    [InlineData("allowed/in/..", "allowed")]
    [InlineData("door/in", "allowed/www")]
    public void A_path_leads_where_its_links_lead(string path, string real)
    {
        var root = RealPath.Of(folder.Path);
        Assert.Equal(Path.Combine(root, real), RealPath.Of($"{root}/{path}"));
    }

    [Fact]
    public void Links_in_a_circle_lead_nowhere_that_is_allowed()
    {
        Assert.Equal("/", RealPath.Of(Path.Combine(allowed, "circle", "more")));
        Assert.Equal("/", RealPath.Of("/.."));
    }

    [Theory]
    [InlineData("www", null)]
    [InlineData("in", null)]
    [InlineData("new", null)]
    [InlineData("out", "elsewhere")]
    [InlineData("out/etc", "elsewhere/etc")]
    [InlineData("up", "elsewhere")]
    public async Task An_order_is_refused_whose_folder_leads_out_of_those_allowed_by_a_link(string path, string? leadsTo)
    {
        // The folder that is allowed may itself be reached by a link.
        foreach (var door in new[] { allowed, Path.Combine(RealPath.Of(folder.Path), "door") })
        {
            await using var agent = await new TestAgent(options: Allowing(door)).Start();
            var (source, volume) = (Path.Combine(door, path), Path.Combine(elsewhere, "..", leadsTo ?? ""));
            var expected = leadsTo is null ? (true, "")
                : (false, $"{source} leads elsewhere by a link, and this worker does not mount {Path.GetFullPath(volume)}: "
                    + "it is not in a folder of ALLOWED_BIND_PATHS");
            var spec = new ContainerSpec { Image = "busybox-www:1", Volumes = [new(source, "/d")] };
            var answer = await agent.Run("web-1-r1-a1", spec);
            Assert.Equal(expected, (answer.Accepted, answer.Reason));
            answer = await agent.Desk.Prepare(
                new() { Service = "web", Instance = "web-2-r1-a1", Epoch = 1, Container = spec, Replaces = "web-1-r1-a1" },
                TestContext.Current.CancellationToken);
            Assert.Equal(expected, (answer.Accepted, answer.Reason));
        }
    }

    [Fact]
    public void Nothing_is_looked_at_for_a_container_without_folders_of_the_machine() => Assert.Null(Admission.OfLinks(
        new() { Image = "busybox-www:1", Privileged = true, Volumes = [new("data", "/d")] }, Allowing(allowed).Policy,
        path => throw new InvalidOperationException($"{path} is looked at")));

    [Fact]
    public async Task What_was_refused_for_a_link_does_not_begin_once_the_link_is_gone()
    {
        await using var agent = await new TestAgent(options: Allowing(allowed)).Start();
        var (link, spec) = (Path.Combine(allowed, "out"), new ContainerSpec { Image = "busybox-www:1" });
        spec = spec with { Volumes = [new(link, "/d")] };
        Assert.Equal(Refusal.Impossible, (await agent.Run("web-1-r1-a1", spec)).Refusal);
        File.Delete(link);
        Assert.Equal(Refusal.Impossible, (await agent.Run("web-1-r1-a1", spec)).Refusal);
        Assert.True((await agent.Run("web-1-r1-a2", spec)).Accepted);
    }

    private static WorkerAgentOptions Allowing(string folder) =>
        new() { Name = "worker-a", Cpu = 4, Memory = "8Gi", MaxStarts = 4, BindPaths = folder };
}
