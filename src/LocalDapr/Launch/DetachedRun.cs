using System.Diagnostics;
using LocalDapr.Server;

namespace LocalDapr.Launch;

/// <summary>
/// <c>run --detach</c>: starts the same command in a session of its own, shows its progress, and leaves it alone once it is ready. A shell
/// stays beside it that starts it again when it was killed.
/// </summary>
internal static class DetachedRun
{
    /// <summary>Said by the child to this process alone, after its ready message.</summary>
    public const string ReadyMark = "\u0001ready";

    /// <summary>
    /// Only an end by a signal that the run did not handle is undone, ever more slowly, and only while the keeper's file names this shell.
    /// </summary>
    private const string Keep = """
        keeper=$1; shift
        mine() { [ "$(cat "$keeper" 2>/dev/null)" = $$ ]; }
        echo $$ >"$keeper"
        "$@"; code=$?
        pause=1
        while [ $code -gt 128 ] && mine; do
          sleep $pause
          mine || break
          began=$(date +%s)
          "$@" </dev/null >/dev/null 2>&1; code=$?
          if [ $(($(date +%s) - began)) -gt 60 ]; then pause=1; elif [ $pause -lt 32 ]; then pause=$((pause * 2)); fi
        done
        if mine; then rm -f "$keeper"; fi
        exit $code
        """;

    /// <summary>Answers the exit code: 0 when the run is ready.</summary>
    /// <param name="keeper">File that names the shell; whoever removes it keeps the run from being started again.</param>
    /// <param name="arguments">The arguments of the attached command.</param>
    /// <param name="to">Where progress is shown.</param>
    /// <param name="within">How long it may take; after that it goes on, and so much is said.</param>
    /// <param name="clock">Measures it.</param>
    public static async Task<int> StartAsync(
        string keeper, IEnumerable<string> arguments, TextWriter to, TimeSpan within, TimeProvider clock)
    {
        var own = Environment.ProcessPath!;
        var start = new ProcessStartInfo("/usr/bin/setsid")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in new[] { "/bin/sh", "-c", Keep, "localdapr-keeper", keeper, own }) start.ArgumentList.Add(argument);
        if (Path.GetFileNameWithoutExtension(own) == "dotnet") start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);

        SocketThreads.LeaveOut(start);
        using var child = Process.Start(start)!;
        child.StandardInput.Close();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Show(string line)
        {
            if (line == ReadyMark) ready.TrySetResult();
            else to.WriteLine(line);
        }

        var output = Task.WhenAll(OutputLines.ReadAsync(child.StandardOutput, Show), OutputLines.ReadAsync(child.StandardError, Show));
        var ended = child.WaitForExitAsync();
        var late = Task.Delay(within, clock);
        var first = await Task.WhenAny(ready.Task, ended, late);
        if (first == ready.Task) return 0;
        if (first == late)
        {
            await to.WriteLineAsync($"not ready within {within.TotalSeconds:0} s; it goes on in the background");
            return 1;
        }

        await output;
        return child.ExitCode is 0 ? 1 : child.ExitCode;
    }
}
