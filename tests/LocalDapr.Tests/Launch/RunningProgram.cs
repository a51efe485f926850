using System.Diagnostics;
using LocalDapr.Launch;

namespace Orchestrator.LocalDapr_Tests.Launch;

/// <summary>A program as its user starts it; what it says is kept. It is killed, if it still runs, when the test ends.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private readonly Process process;
    private readonly Task reading;

    private RunningProgram(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        process = Process.Start(start)!;
        process.StandardInput.Close();
        reading = Task.WhenAll(OutputLines.ReadAsync(process.StandardOutput, Add), OutputLines.ReadAsync(process.StandardError, Add));
    }

    public int Pid => process.Id;

    public IReadOnlyList<string> Lines
    {
        get { lock (gate) return [.. lines]; }
    }

    public static RunningProgram Start(string program, params string[] arguments) => new(new ProcessStartInfo(program, arguments));

    /// <summary>Runs a program to its end; answers its exit code and all it said.</summary>
    public static async Task<(int ExitCode, string Said)> RunAsync(string program, params string[] arguments)
    {
        await using var running = Start(program, arguments);
        var exitCode = await running.EndAsync();
        return (exitCode, string.Join('\n', running.Lines));
    }

    public void Signal(int signal) => Signals.Send(Pid, signal);

    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        // What it started may hold the pipes open.
        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken));
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private void Add(string line)
    {
        lock (gate) lines.Add(line);
    }
}
