using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Content;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Instances;

/// <summary>Which bytes an instance runs, and what it is given of secrets and configs.</summary>
public sealed class ContentTests
{
    private const string Digest = "web@sha256:1111111111111111111111111111111111111111111111111111111111111111";

    private static readonly ContainerSpec Busybox = new() { Image = "busybox-www:1" };

    [Fact]
    public async Task Whoever_does_not_say_which_bytes_is_told_which_they_are()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        Assert.Equal(new ImageSeen(null, "sha256:busybox-www:1"), agent.Control.Believes["web-1-r1-a1"].Image);
    }

    [Fact]
    public async Task What_is_ordered_by_its_digest_is_pulled_by_it_and_created_from_it()
    {
        await using var agent = await new TestAgent().Start();
        await Run(agent, "web-1-r1-a1", new() { Image = "web:1" }, Digest);
        await agent.Believed("web-1-r1-a1 Running");
        Assert.Contains($"pull {Digest}", agent.Engine.Done);
        Assert.Equal(Digest, agent.Engine.CreatedAs("web-1-r1-a1").Image);
        Assert.Null(agent.Control.Believes["web-1-r1-a1"].Image);
    }

    [Fact]
    public async Task A_rebuilt_tag_runs_the_old_bytes_as_long_as_they_are_there()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.Meanings["busybox-www:1"] = new(null, "sha256:new");
        agent.Engine.Meanings["<none>"] = new(null, "sha256:old");
        await Run(agent, "web-1-r1-a1", Busybox, "sha256:old");
        await agent.Believed("web-1-r1-a1 Running");
        Assert.Equal("sha256:old", agent.Engine.CreatedAs("web-1-r1-a1").Image);

        agent.Engine.Meanings.Remove("<none>");
        await Run(agent, "web-1-r1-a2", Busybox, "sha256:old");
        await agent.Believed("web-1-r1-a1 Running",
            "web-1-r1-a2 Exited: cannot start busybox-www:1: revision 1 runs sha256:old on this worker, which is gone, and no registry has "
            + "it; it is sha256:new here now: restart with pull=true makes a revision of what is there");
    }

    [Fact]
    public async Task A_policy_says_whether_it_is_pulled()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("never-1-r1-a1", new() { Image = "web:1", PullPolicy = PullPolicy.Never });
        await agent.Believed("never-1-r1-a1 Exited: cannot start web:1: web:1 is not on this worker, and pullPolicy is never");
        await agent.Run("always-1-r1-a1", Busybox with { PullPolicy = PullPolicy.Always });
        await TestAgent.Until(() => agent.Engine.Names(ContainerState.Running), names => names.Contains("always-1-r1-a1"), "it runs");
        Assert.Equal(["pull busybox-www:1"], agent.Engine.Done.Where(it => it.StartsWith("pull", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_login_is_asked_for_at_every_pull()
    {
        var passwords = new Queue<string>(["one", "two"]);
        await using var agent = await new TestAgent(control: new FakeControlPlane
        {
            Credentials = it => new(new RegistryCredentials { Registry = "r.test", Username = it.Worker, Password = passwords.Dequeue() }),
        }).Start();
        await agent.Run("web-1-r1-a1", new() { Image = "r.test/web:1" });
        await agent.Run("web-2-r1-a1", new() { Image = "r.test/web:2" });
        await agent.Believed("web-1-r1-a1 Running", "web-2-r1-a1 Running");
        Assert.Equal(["one", "two"], agent.Engine.Logins.Select(it => it!.Password).Order(StringComparer.Ordinal));
        Assert.All(agent.Engine.Logins, it => Assert.Equal("worker-a", it!.Username));
    }

    [Fact]
    public async Task A_credential_helper_runs_only_where_the_worker_allows_it()
    {
        await using var agent = await new TestAgent(control: new FakeControlPlane
        {
            Credentials = _ => new(new RegistryCredentials { Registry = "r.test", Helper = "pass" }),
        }).Start();
        await agent.Run("web-1-r1-a1", new() { Image = "r.test/web:1" });
        await agent.Believed("web-1-r1-a1 Exited: cannot pull r.test/web:1: this worker does not run the credential helper pass: "
            + "it is not among CREDENTIAL_HELPERS");
    }

    [Fact]
    public async Task A_question_about_an_image_is_answered_by_what_is_here_or_by_the_registry()
    {
        await using var agent = await new TestAgent().Start();
        var pulls = agent.Get<ImagePulls>();
        agent.Engine.Registry["web:1"] = "sha256:far";
        Assert.Equal(new ImageAnswer(new("sha256:far", null)), await Ask("web:1"));
        Assert.Equal(new ImageAnswer(new(null, "sha256:busybox-www:1")), await Ask("busybox-www:1"));
        // Nobody but this worker has it: what is here now is what it is.
        Assert.Equal(
            new ImageAnswer(new(null, "sha256:busybox-www:1"), "the registry of busybox-www:1 says: manifest unknown"),
            await Ask("busybox-www:1", fresh: true));
        Assert.Equal(new ImageAnswer(null, "web:1 is not here, and it is never pulled"), await Ask("web:1", may: false));
        agent.Engine.Away = true;
        Assert.Equal(new ImageAnswer(null, "the engine cannot be reached: connection refused"), await Ask("web:1"));

        Task<ImageAnswer> Ask(string image, bool fresh = false, bool may = true) =>
            pulls.Find(new(image, fresh, may), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Files_are_in_memory_while_the_instance_lives_and_its_own_variables_have_precedence()
    {
        await using var agent = await new TestAgent(control: new FakeControlPlane
        {
            Contents = it => it.Instance == "web-1-r1-a1"
                ? new(new InstanceContents
                {
                    Files = [new("/run/secrets/db", 0b100_000_000, 0, 0, "hunter2"u8.ToArray())],
                    Env = ValueMap.Of(("A", "given"), ("B", "given")),
                })
                : new(null, "there is no secret db"),
        }).Start();
        var spec = Busybox with { Secrets = [new("db")], Env = ValueMap.Of(("A", "own")) };
        await agent.Run("web-1-r1-a1", spec);
        await agent.Believed("web-1-r1-a1 Running");
        var created = agent.Engine.CreatedAs("web-1-r1-a1");
        var mount = created.Files.Single();
        Assert.Equal("/run/secrets/db", mount.Target);
        Assert.Equal("hunter2", await File.ReadAllTextAsync(mount.Source, TestContext.Current.CancellationToken));
        Assert.Contains(new DriveInfo(mount.Source).DriveFormat, new[] { "tmpfs", "ramfs" });
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(mount.Source));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.GetDirectoryName(mount.Source)!));
        }

        var asked = ContainerMapping.ToCreate(created);
        Assert.Equal(["A=own", "B=given"], asked.Env.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("hunter2", $"{created}", StringComparison.Ordinal);

        agent.Engine.Die("web-1-r1-a1", exitCode: 0);
        await TestAgent.Until(() => File.Exists(mount.Source), there => !there, "the file is gone");
        await agent.Run("web-1-r1-a2", spec);
        await agent.Believed("web-1-r1-a1 Exited: exit code 0", "web-1-r1-a2 Exited: cannot start busybox-www:1: there is no secret db");
    }

    [Fact]
    public void Where_there_is_no_memory_to_write_to_nothing_is_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files of secrets are for Linux");
        using var folder = new TemporaryFolder();
        Assert.SkipWhen(new DriveInfo(folder.Path).DriveFormat == "tmpfs", "the temporary folder of this machine is in memory");
        var files = new ContentFiles(new WorkerAgentOptions { Name = "worker-a", SecretsFolder = folder.Path });
        var refused = Assert.Throws<EngineException>(() => files.Write("web-1-r1-a1", [new("/x", 256, 0, 0, [1])]));
        Assert.StartsWith("this worker has no place in memory for secrets: none of ", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void What_an_earlier_agent_has_left_goes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files of secrets are for Linux");
        using var folder = new TemporaryFolder();
        var options = new WorkerAgentOptions { Name = "worker-a", DataFolder = folder.Path };
        var files = new ContentFiles(options);
        var left = files.Write("web-1-r1-a1", [new("/x", 256, 0, 0, [1])]).Single().Source;
        var kept = files.Write("web-2-r1-a1", [new("/x", 256, 0, 0, [1])]).Single().Source;
        new ContentFiles(options).KeepOnly(() => ["web-2-r1-a1"]);
        Assert.Equal((false, true), (File.Exists(left), File.Exists(kept)));
        Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(kept)!)!, recursive: true);
    }

    private static async Task Run(TestAgent agent, string instance, ContainerSpec spec, string image)
    {
        var answer = await agent.Desk.Run(
            new() { Service = "web", Instance = instance, Epoch = 1, Container = spec, Image = image }, CancellationToken.None);
        Assert.True(answer.Accepted, answer.Reason);
    }
}
