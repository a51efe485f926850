using System.Diagnostics;
using System.Globalization;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Guard;

/// <summary>
/// Sees to it that the agent has a guard: where nobody else runs one (a unit of its own), it starts one that outlives it, and starts it
/// again when it has ended.
/// </summary>
internal sealed partial class GuardKeeper(WorkerAgentOptions options, TimeProvider clock, ILogger<GuardKeeper> log) : ILoop
{
    private const string Shell = "/bin/sh";

    /// <summary>In a session of its own it is not ended with the agent, and not by the terminal.</summary>
    private const string Detached = "exec setsid \"$@\" </dev/null >>\"$GUARD_LOG\" 2>&1";

    private const long LongestLog = 1 << 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SharedFolder folder = new(options.OwnFolder);

    public async Task Run(CancellationToken stopping)
    {
        if (Command() is not { } command) return;
        while (true)
        {
            if (IsFree())
            {
                using var guard = Start(command);
                LogStarted(guard.Id);
                await guard.WaitForExitAsync(stopping);
                LogEnded(guard.ExitCode);
            }

            await Task.Delay(Pause, clock, stopping);
        }
    }

    /// <summary>This program as it runs; none where it runs inside another one.</summary>
    private static string[]? Command()
    {
        var program = typeof(GuardKeeper).Assembly;
        var running = Environment.ProcessPath;
        return !File.Exists(Shell) ? null : Path.GetFileName(running) switch
        {
            "dotnet" when Environment.GetCommandLineArgs() is [var first, ..] && first == program.Location => [running!, first],
            { } own when own == program.GetName().Name => [running!],
            _ => null,
        };
    }

    private bool IsFree()
    {
        using var held = folder.TryHold(GuardProcess.Lock);
        return held is not null;
    }

    private Process Start(string[] command)
    {
        var start = new ProcessStartInfo(Shell, ["-c", Detached, Shell, .. command, GuardOptions.Verb, GuardOptions.WhileNeededFlag])
        {
            WorkingDirectory = "/",
        };
        // Only what it needs: who looks for the processes of the agent by their environment must not find, and end, the guard.
        var kept = start.Environment.Where(variable => IsKept(variable.Key)).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in kept) start.Environment[name] = value;
        foreach (var (name, value) in GuardOptions.EnvironmentOf(options)) start.Environment[name] = value;
        start.Environment["GUARD_LOG"] = LogFile();
        // It does next to nothing, and that for months: a small heap, and no threads that make code faster.
        start.Environment["DOTNET_GCHeapHardLimit"] = (32 << 20).ToString("x", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }

    private static bool IsKept(string variable) =>
        variable is "PATH" or "HOME" || variable.StartsWith("DOTNET_ROOT", StringComparison.Ordinal);

    private string LogFile()
    {
        var file = Path.GetFullPath(folder.In("guard.log"));
        if (new FileInfo(file) is { Exists: true, Length: > LongestLog }) File.Delete(file);
        return file;
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Started the guard, process {Process}: it ends what may run once only when this agent cannot")]
    private partial void LogStarted(int process);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The guard has ended with exit code {ExitCode}")]
    private partial void LogEnded(int exitCode);
}
