using System.Diagnostics;
using System.Text;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>A program in a terminal of its own, that of <c>script</c> from util-linux; what it shows, and what is typed.</summary>
internal sealed class PseudoTerminal : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder screen = new();
    private readonly Task reading;

    /// <param name="line">For a shell.</param>
    public PseudoTerminal(string line, int rows, int columns)
    {
        var start = new ProcessStartInfo("script", ["-qefc", $"stty rows {rows} cols {columns}; exec {line}", "/dev/null"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
            Environment = { ["TERM"] = "xterm-256color", ["SHELL"] = "/bin/sh" },
        };
        // What tests are run with is no wish of whoever sits at this terminal.
        start.Environment.Remove("NO_COLOR");
        process = Process.Start(start)!;
        reading = Read();
    }

    public string Screen
    {
        get
        {
            lock (screen) return screen.ToString();
        }
    }

    public Task Shows(string words) => Testing.Eventually.Become(
        () => Screen, it => it.Contains(words, StringComparison.Ordinal), Deadline, $"it shows '{words}'",
        TestContext.Current.CancellationToken);

    public async Task Type(string keys)
    {
        await process.StandardInput.WriteAsync(keys);
        await process.StandardInput.FlushAsync();
    }

    /// <summary>The exit code of the program.</summary>
    public async Task<int> Ends()
    {
        await reading.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        process.Dispose();
    }

    private async Task Read()
    {
        var buffer = new char[4096];
        while (await process.StandardOutput.ReadAsync(buffer) is > 0 and var count)
        {
            lock (screen) screen.Append(buffer, 0, count);
        }
    }
}
