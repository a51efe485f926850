using LocalDapr.Launch;
using Orchestrator.Testing;

namespace Orchestrator.LocalDapr_Tests.Launch;

/// <summary>
/// The script a newcomer runs, in a clone with a blank in its path, called from elsewhere; the machine around it is made of stand-ins.
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ScriptTests : IAsyncDisposable
{
    private static readonly string[] OrdinaryPrograms =
    [
        "awk", "base64", "basename", "bash", "cat", "cp", "cut", "date", "dirname", "env", "find", "flock", "grep", "head", "ldd", "ln",
        "mkdir", "mktemp", "mv", "nice", "printf", "readlink", "rm", "rmdir", "sed", "setsid", "sh", "sleep", "sort", "tail", "tee", "timeout",
        "touch", "tr", "true", "uniq", "wc", "xargs",
    ];

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> machine = [];

    public ScriptTests()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "scripts"))
            .Append(Path.Combine(Repository.Root, "orchestrator")))
        {
            var copy = folder.Path(Path.Combine("a clone", Path.GetRelativePath(Repository.Root, file)));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        foreach (var program in OrdinaryPrograms)
        {
            var real = new[] { "/usr/bin", "/bin" }.Select(bin => Path.Combine(bin, program)).FirstOrDefault(File.Exists);
            if (real is not null) Link(program, real);
        }

        Program("id", "echo 1000");
    }

    private string Clone => folder.Path("a clone");

    private string Data => folder.Path("data");

    public async ValueTask DisposeAsync()
    {
        await RunningProgram.RunAsync(Repository.LocalDapr, "down", "--kill", "--folder", Data);
        folder.Dispose();
    }

    [Fact]
    public async Task Without_the_SDK_it_says_what_is_missing()
    {
        var (exitCode, said) = await Orchestrator("up");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The .NET SDK 10 is missing", said);
    }

    [Fact]
    public async Task Without_an_engine_somebody_who_is_not_root_is_told_the_packages()
    {
        Program("dotnet", "echo '10.0.100 [/usr/share/dotnet/sdk]'");

        var (exitCode, said) = await Orchestrator("up");

        Assert.Equal(1, exitCode);
        Assert.Equal(
            """
            A Docker engine is missing. Install it: on Debian or Ubuntu as root with
              apt-get install docker.io iptables ca-certificates
            or let this script do it by running it as root.
            """,
            said);
    }

    [Fact]
    public async Task On_Debian_as_root_the_engine_is_installed_from_the_distribution()
    {
        Program("dotnet", "echo '10.0.100 [/usr/share/dotnet/sdk]'");
        Program("id", "echo 0");
        Program("dpkg", "exit 1");
        // Installing puts an engine there that answers.
        Program("apt-get", $"""
            echo "$@" >>'{folder.Path("apt")}'
            case "$*" in *--simulate*) exit;; *install*) printf '#!/bin/sh\ntrue\n' >'{Bin("docker")}'; chmod +x '{Bin("docker")}'; cp '{Bin("docker")}' '{Bin("dockerd")}';; esac
            """);
        Link("chmod", "/usr/bin/chmod");

        await Orchestrator("up");

        Assert.Equal(
            [
                "install -y --no-install-recommends --simulate docker.io iptables ca-certificates",
                "install -y --no-install-recommends docker.io iptables ca-certificates",
            ],
            await File.ReadAllLinesAsync(folder.Path("apt"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_engine_elsewhere_that_does_not_answer_is_not_replaced_by_one_here()
    {
        Program("dotnet", "echo '10.0.100 [/usr/share/dotnet/sdk]'");
        Program("docker", "exit 1");
        Program("id", "echo 0");
        machine["DOCKER_HOST"] = "tcp://elsewhere:2375";

        var (exitCode, said) = await Orchestrator("up");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("No Docker engine answers at DOCKER_HOST=tcp://elsewhere:2375.", said);
    }

    [Fact]
    public async Task Up_stop_start_logs_and_down_work_from_anywhere()
    {
        ReadyToRun();

        var (exitCode, said) = await Orchestrator("up", "--detach", "--folder", Data);

        Assert.Equal((0, "Ready: web"), (exitCode, said.Split('\n')[^1]));
        Assert.Equal((0, "web: stopped"), await Orchestrator("stop", "web", "--folder", Data));
        Assert.Equal((0, "web: healthy"), await Orchestrator("start", "web", "--folder", Data));
        Assert.Contains("healthy", (await Orchestrator("status", "--folder", Data)).Said);
        await Says("hello");

        var (again, saidAgain) = await Orchestrator("up", "--folder", Data);
        Assert.Equal(1, again);
        Assert.StartsWith($"One is already running on {Data} (process ", saidAgain);

        Assert.Equal((0, "stopped"), await Orchestrator("down", "--folder", Data));
        Assert.Equal((0, $"nothing is running on {Data}"), await Orchestrator("down", "--folder", Data));
    }

    [Fact]
    public async Task Up_makes_tokens_that_nobody_else_can_read_and_hands_them_on()
    {
        ReadyToRun("echo $DAPR_API_TOKEN $APP_API_TOKEN");

        await Orchestrator("up", "--detach", "--folder", Data);

        var tokens = await Tokens();
        Assert.Equal([32, 32], tokens.Select(token => Convert.FromBase64String(token).Length));
        Assert.NotEqual(tokens[0], tokens[1]);
        Assert.All(TokenFiles, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        await Says($"{tokens[0]} {tokens[1]}");

        await Orchestrator("down", "--folder", Data);
        Assert.Equal(0, (await Orchestrator("up", "--detach", "--folder", Data)).ExitCode);
        Assert.Equal(tokens, await Tokens());

        await Orchestrator("down", "--folder", Data);
        machine["APP_API_TOKEN"] = "mine";
        Assert.Equal(0, (await Orchestrator("up", "--detach", "--folder", Data)).ExitCode);
        await Says($"{tokens[0]} mine");
    }

    [Fact]
    public async Task Purge_removes_the_clusters_containers_and_our_data_but_nothing_else()
    {
        ReadyToRun();
        Program("docker", $"""
            case "$1" in
              ps) [ "$*" = 'ps --all --quiet --no-trunc --filter label=orchestrator.cluster=tests' ] && printf 'c1\nc2\n' ;;
              rm) echo "$@" >>'{folder.Path("docker")}' ;;
            esac
            """);
        await Orchestrator("up", "--detach", "--folder", Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "mine.txt"), "", TestContext.Current.CancellationToken);

        var (refused, why) = await Orchestrator("down", "--purge", "--folder", Data);
        Assert.Equal((1, "This removes containers and data, and there is no terminal to ask at. Say --yes if you mean it."),
            (refused, why));

        var (exitCode, _) = await Orchestrator("down", "--purge", "--yes", "--folder", Data);

        Assert.Equal(0, exitCode);
        Assert.Equal(
            ["rm --force --volumes c1", "rm --force --volumes c2"],
            (await File.ReadAllLinesAsync(folder.Path("docker"), TestContext.Current.CancellationToken)).Order());
        Assert.Equal(["mine.txt"], Directory.EnumerateFileSystemEntries(Data).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Test_sums_up_all_projects_in_its_last_line()
    {
        machine["ORCHESTRATOR_ASSUME_READY"] = "yes";
        Suite("One.Tests", passed: 3, failed: 0, skipped: 1, exitCode: 0);
        Suite("Two.Tests", passed: 4, failed: 0, skipped: 0, exitCode: 0);

        var (exitCode, said) = await Orchestrator("test");

        Assert.Equal((0, "7 passed, 0 failed, 1 skipped"), (exitCode, said.Split('\n')[^1]));
    }

    [Fact]
    public async Task What_runs_beside_the_others_counts_like_them()
    {
        machine["ORCHESTRATOR_ASSUME_READY"] = "yes";
        Suite("Core.Tests", passed: 3, failed: 1, skipped: 0, exitCode: 1);
        Suite("Two.Tests", passed: 4, failed: 0, skipped: 0, exitCode: 0);

        var (exitCode, said) = await Orchestrator("test");

        Assert.Contains("== Core.Tests", said);
        Assert.Equal((1, "7 passed, 1 failed, 0 skipped"), (exitCode, said.Split('\n')[^1]));
    }

    [Fact]
    public async Task A_failed_test_fails_the_whole()
    {
        machine["ORCHESTRATOR_ASSUME_READY"] = "yes";
        Suite("One.Tests", passed: 3, failed: 2, skipped: 0, exitCode: 1);
        Suite("Two.Tests", passed: 4, failed: 0, skipped: 0, exitCode: 0);

        var (exitCode, said) = await Orchestrator("test");

        Assert.Equal((1, "7 passed, 2 failed, 0 skipped"), (exitCode, said.Split('\n')[^1]));
    }

    [Fact]
    public async Task Failed_tests_and_the_reasons_of_skipped_ones_are_listed_at_the_end()
    {
        machine["ORCHESTRATOR_ASSUME_READY"] = "yes";
        Suite(
            "One.Tests",
            """
            cat >"$report" <<'XML'
            <assemblies><assembly errors="0" failed="1" passed="0" skipped="2"><collection><test name="A.b(c: &quot;d&quot;)" result="Fail" time="1.5"></test><test name="A.e" result="Skip" time="0"><reason>no node</reason></test><test name="A.f" result="Skip" time="0"><reason><![CDATA[no node]]></reason></test></collection></assembly></assemblies>
            XML
            exit 1
            """);

        var (_, said) = await Orchestrator("test");

        Assert.Equal(
            """
            Slowest tests:
            1.50 s A.b(c: "d")
            0.00 s A.f
            0.00 s A.e
            Skipped, because:
            2 no node
            Failed:
            A.b(c: "d")

            One.Tests: 0 passed, 1 failed, 2 skipped in N s (N s of a processor)
            0 passed, 1 failed, 2 skipped
            """,
            string.Join('\n', said.Split('\n').SkipWhile(line => line != "Slowest tests:").Select(Squeezed)));

        static string Squeezed(string line) =>
            System.Text.RegularExpressions.Regex.Replace(
                string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)), @"(?<= in |\()\d+ s\b", "N s");
    }

    [Theory]
    [InlineData("exit 139")] // before it reported
    [InlineData("echo '<assemblies><assembly passed=\"5\"' >\"$report\"; exit 134")] // while it reported
    [InlineData("exit 0")] // well, but without a report
    public async Task A_project_that_crashes_counts_as_a_failure(string script)
    {
        machine["ORCHESTRATOR_ASSUME_READY"] = "yes";
        Suite("One.Tests", script);
        Suite("Two.Tests", passed: 4, failed: 0, skipped: 0, exitCode: 0);

        var (exitCode, said) = await Orchestrator("test");

        Assert.Equal((1, "4 passed, 1 failed, 0 skipped"), (exitCode, said.Split('\n')[^1]));
    }

    [Fact]
    public async Task A_project_that_ends_badly_after_a_good_report_counts_as_a_failure()
    {
        machine["ORCHESTRATOR_ASSUME_READY"] = "yes";
        Suite("One.Tests", passed: 4, failed: 0, skipped: 0, exitCode: 134);

        var (exitCode, said) = await Orchestrator("test");

        Assert.Equal((1, "4 passed, 1 failed, 0 skipped"), (exitCode, said.Split('\n')[^1]));
    }

    [Fact]
    public async Task Nothing_run_is_not_a_success()
    {
        machine["ORCHESTRATOR_ASSUME_READY"] = "yes";

        var (exitCode, said) = await Orchestrator("test");

        Assert.Equal((1, "0 passed, 0 failed, 0 skipped"), (exitCode, said.Split('\n')[^1]));
    }

    [Fact]
    public async Task A_word_chooses_projects_or_else_tests()
    {
        machine["ORCHESTRATOR_ASSUME_READY"] = "yes";
        Suite("One.Tests", passed: 1, failed: 0, skipped: 0, exitCode: 0);
        Suite("Two.Tests", passed: 1, failed: 0, skipped: 0, exitCode: 0);

        var (_, said) = await Orchestrator("test", "two", "Lost");

        Assert.DoesNotContain("== One.Tests", said);
        Assert.Contains("arguments: -noLogo -noColor -method *Lost*", said);
    }

    [Theory]
    [InlineData("ps -o json -f x", "ps", "-o", "json", "-f", "x")]
    [InlineData("--server x members", "--server", "x", "members")]
    [InlineData("--help", "orc", "--help")]
    [InlineData("logs web -f", "logs", "web", "-f")]
    [InlineData("restart web", "restart", "web")]
    [InlineData("logs web", "orc", "logs", "web")]
    public async Task What_is_no_command_of_the_script_is_passed_on_to_orc(string passedOn, params string[] line)
    {
        OrcSays("echo \"$@ for $ORCHESTRATOR_DEFAULT_SERVER\"; exit 4");
        await File.WriteAllTextAsync(
            Path.Combine(Clone, "dapr.yaml"), "      API_PORT: 5000\n      API_PORT: 5001\n", TestContext.Current.CancellationToken);

        Assert.Equal((4, $"{passedOn} for http://localhost:5000,http://localhost:5001"), await Orchestrator(line));
    }

    [Fact]
    public async Task Logs_of_an_app_that_has_run_here_are_the_scripts()
    {
        ReadyToRun();
        OrcSays("echo orc");
        await Orchestrator("up", "--detach", "--folder", Data);

        await Says("hello");
        Assert.Equal((0, "orc"), await Orchestrator("logs", "shop", "--folder", Data));
        Assert.Equal((0, "orc"), await Orchestrator("orc", "logs", "web", "--folder", Data));
    }

    private Task<(int ExitCode, string Said)> Orchestrator(params string[] arguments) =>
        RunningProgram.RunAsync(
            "/usr/bin/env",
            ["-i", "-C", folder.FullPath, $"PATH={folder.Path("bin")}", $"HOME={folder.FullPath}",
                .. machine.Select(pair => $"{pair.Key}={pair.Value}"),
                $"{Clone}/orchestrator", .. arguments]);

    private void OrcSays(string script)
    {
        Program("its-orc", script);
        machine["ORC"] = Bin("its-orc");
    }

    private IEnumerable<string> TokenFiles =>
        new[] { "DAPR_API_TOKEN", "APP_API_TOKEN" }.Select(name => Path.Combine(Data, "tokens", name));

    private Task<string[]> Tokens() =>
        Task.WhenAll(TokenFiles.Select(file => File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)));

    private Task<(int ExitCode, string Said)> Says(string line) => Eventually.Become(
        () => Orchestrator("logs", "web", "-n", "1", "--folder", Data), answer => answer == (0, line), TimeSpan.FromSeconds(20), "the log",
        TestContext.Current.CancellationToken);

    /// <summary>A clone that is built, with one app.</summary>
    private void ReadyToRun(string says = "echo hello")
    {
        machine["ORCHESTRATOR_ASSUME_READY"] = "yes";
        // The built program needs the .NET runtime of this machine.
        machine["DOTNET_ROOT"] = Path.GetDirectoryName(
            Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../..")))!;
        Directory.CreateSymbolicLink(Path.Combine(Clone, "artifacts"), Path.Combine(Repository.Root, "artifacts"));
        folder.Write(
            "a clone/dapr.yaml",
            $$"""
            version: 1
            apps:
              - { appID: web, appDirPath: ., command: [sh, -c, "{{says}}; sleep 1000 & wait"], env: { CLUSTER: tests } }
            """);
    }

    private void Suite(string name, int passed, int failed, int skipped, int exitCode) => Suite(
        name,
        $"""
        echo "arguments: $*"
        echo '<assemblies schema-version="3"><assembly name="{name}" errors="0" failed="{failed}" not-run="0" passed="{passed}" skipped="{skipped}" total="9"></assembly></assemblies>' >"$report"
        exit {exitCode}
        """);

    private void Suite(string name, string script)
    {
        folder.Write($"a clone/tests/{name}/{name}.csproj", "<Project/>");
        Executable(folder.Write($"a clone/artifacts/bin/{name}/release/{name}", $"#!/bin/bash\nreport=${{@: -1}}\n{script}\n"));
    }

    private void Program(string name, string script) => Executable(folder.Write($"bin/{name}", $"#!/bin/sh\n{script}\n"));

    private void Link(string name, string real)
    {
        Directory.CreateDirectory(folder.Path("bin"));
        File.CreateSymbolicLink(Bin(name), real);
    }

    private string Bin(string name) => folder.Path($"bin/{name}");

    private static void Executable(string path) =>
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
