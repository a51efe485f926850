using System.Text;
using Orchestrator.Contracts.Exec;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Exec;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Tests.Docker;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Exec;

/// <summary>Programs in a container of a real engine, with and without a terminal.</summary>
public sealed class RealExecTests(RealEngine engine) : IClassFixture<RealEngine>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_terminal_has_the_size_that_it_is_given_and_the_exit_code_is_that_of_its_program()
    {
        await using var agent = await Start("term-1-r1-a1");
        var desk = agent.Get<ExecDesk>();
        Assert.Null(await desk.Start(Shell("term-1-r1-a1") with { Terminal = true, Columns = 100, Rows = 30 }, Cancel));
        var session = (await desk.Find(Session))!;
        var screen = new Screen(desk);
        await Type(session, 1, "stty size\n");
        await screen.Shows("30 100");
        await session.Resize(new(Session, 1, 132, 43), Cancel);
        await session.Resize(new(Session, 1, 1, 1), Cancel);
        await Type(session, 2, "stty size\n");
        // Asked again on the way, it is typed once.
        await Type(session, 2, "exit 1\n");
        await screen.Shows("43 132");
        Assert.False(await session.Input(new(Session, 9, "exit 1\n"u8.ToArray()), Cancel));
        await Type(session, 3, "exit 7\n");
        Assert.Equal(7, await screen.Ends());
        await desk.End(Session);
        Assert.Null(await desk.Find(Session));
    }

    [Fact]
    public async Task Without_a_terminal_output_and_errors_are_apart_and_the_input_has_an_end()
    {
        await using var agent = await Start("pipe-1-r1-a1");
        var desk = agent.Get<ExecDesk>();
        Assert.Null(await desk.Start(Shell("pipe-1-r1-a1", "/bin/busybox cat; echo wrong >&2; exit 3"), Cancel));
        var session = (await desk.Find(Session))!;
        await Type(session, 1, "hello");
        await session.Input(new(Session, 2, null), Cancel);
        var screen = new Screen(desk);
        Assert.Equal(3, await screen.Ends());
        Assert.Equal(("hello", "wrong\n"), (screen.Output, screen.Error));
    }

    [Fact]
    public async Task Who_was_cut_off_goes_on_where_it_was_and_a_slow_reader_makes_the_program_wait()
    {
        await using var agent = await Start("long-1-r1-a1");
        var desk = agent.Get<ExecDesk>();
        Assert.Null(await desk.Start(Shell("long-1-r1-a1", "/bin/busybox seq 1 300000"), Cancel));
        var (after, text) = (0L, new StringBuilder());
        for (int? exitCode = null; exitCode is null;)
        {
            var pieces = 0;
            await foreach (var piece in desk.Listen(new(Session, after), Cancel))
            {
                if (piece.Number == 0) continue;
                Assert.Equal(after + 1, piece.Number);
                Assert.Null(piece.Trouble);
                (after, exitCode) = (piece.Number, piece.ExitCode);
                text.Append(Encoding.ASCII.GetString(piece.Bytes ?? []));
                if (++pieces == 5) break;
            }
        }

        Assert.Equal(string.Concat(Enumerable.Range(1, 300000).Select(it => $"{it}\n")), text.ToString());
    }

    [Fact]
    public async Task It_is_off_unless_the_worker_allows_it()
    {
        await using var agent = await Start("off-1-r1-a1", allowed: false);
        var desk = agent.Get<ExecDesk>();
        Assert.Equal(
            (403, "this worker runs nothing in instances: ALLOW_EXEC is not set"), await desk.Start(Shell("off-1-r1-a1"), Cancel));
    }

    [Fact]
    public async Task What_does_not_run_and_what_is_not_there_is_said_to_be_so()
    {
        await using var agent = await Start("gone-1-r1-a1");
        var desk = agent.Get<ExecDesk>();
        Assert.Equal((404, "nothing of gone-2-r1-a1 is here"), await desk.Start(Shell("gone-2-r1-a1"), Cancel));
        var absent = new ExecStart(Session, "gone", "gone-1-r1-a1", ["/no/such/program"]);
        Assert.Null(await desk.Start(absent, Cancel));
        var screen = new Screen(desk);
        Assert.InRange(await screen.Ends() ?? 0, 126, 127);
        Assert.Contains("/no/such/program", screen.Output + screen.Error, StringComparison.Ordinal);
    }

    private const string Session = "0123456789abcdef0123456789abcdef";

    private static ExecStart Shell(string instance, string? script = null) => new(
        Session, instance.Split('-')[0], instance,
        script is null ? ["/bin/busybox", "sh", "-c", "stty() { /bin/busybox stty \"$@\"; }; while read -r line; do eval \"$line\"; done"]
            : ["/bin/busybox", "sh", "-c", script]);

    private static async Task Type(ExecSession session, long number, string text) =>
        Assert.True(await session.Input(new(Session, number, Encoding.ASCII.GetBytes(text)), Cancel));

    private async Task<TestAgent> Start(string instance, bool allowed = true)
    {
        var agent = await engine.Agent(it => it with { AllowExec = allowed });
        await agent.Run(instance, new ContainerSpec { Image = RealEngine.Image });
        await agent.Believed($"{instance} Running");
        return agent;
    }

    /// <summary>What somebody sees who listens.</summary>
    private sealed class Screen
    {
        private readonly Task<int?> listening;
        private readonly StringBuilder output = new(), error = new();

        public Screen(ExecDesk desk) => listening = Listen(desk);

        public string Output
        {
            get
            {
                lock (output) return output.ToString();
            }
        }

        public string Error => error.ToString();

        public Task<string> Shows(string text) =>
            TestAgent.Until(() => Output, it => it.Contains(text, StringComparison.Ordinal), $"it shows {text}");

        public Task<int?> Ends() => listening.WaitAsync(TestAgent.Soon, Cancel);

        private async Task<int?> Listen(ExecDesk desk)
        {
            await foreach (var piece in desk.Listen(new(Session, 0), Cancel))
            {
                lock (output) (piece.IsError ? error : output).Append(Encoding.UTF8.GetString(piece.Bytes ?? []));
                Assert.Null(piece.Trouble);
                if (piece.ExitCode is { } code) return code;
            }

            return null;
        }
    }
}
