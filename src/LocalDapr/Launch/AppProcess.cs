using System.ComponentModel;
using System.Diagnostics;
using LocalDapr.Server;

namespace LocalDapr.Launch;

/// <summary>One run of an app's command, in a session of its own: Ctrl-C in the terminal reaches LocalDapr alone, which then ends the apps
/// in order, and what the command starts goes when it goes.</summary>
internal sealed class AppProcess
{
    private const string NewSession = "/usr/bin/setsid";

    private readonly Process process;
    private readonly int group;

    private AppProcess(Process process, int group, Task<int> exited)
    {
        this.process = process;
        this.group = group;
        Pid = process.Id;
        Exited = exited;
    }

    public int Pid { get; }

    /// <summary>Completes with the exit code; 128 + n when signal n ended it.</summary>
    public Task<int> Exited { get; }

    /// <exception cref="AppStartException">The command cannot be started; the message says why.</exception>
    public static AppProcess Start(
        IReadOnlyList<string> command, string folder, IReadOnlyDictionary<string, string> env, Action<string> line)
    {
        if (command.Count == 0) throw new AppStartException("there is no command to start");
        var program = Find(command[0], folder, env);
        var grouped = File.Exists(NewSession);
        var start = new ProcessStartInfo(grouped ? NewSession : program)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (grouped) start.ArgumentList.Add(program);
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
        SocketThreads.LeaveOut(start);
        foreach (var (name, value) in env) start.Environment[name] = value;

        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = Task.WhenAll(
                OutputLines.ReadAsync(process.StandardOutput, line), OutputLines.ReadAsync(process.StandardError, line));
            var group = grouped ? process.Id : 0;
            return new AppProcess(process, group, WaitAsync(process, group, output));
        }
        catch (Win32Exception e)
        {
            throw new AppStartException($"{command[0]} cannot be started: {e.Message}", e);
        }
    }

    /// <summary>Asks it, and what it started, to end.</summary>
    public void Terminate() => Signal(Signals.Terminate);

    public void Kill() => Signal(Signals.Kill);

    private void Signal(int signal)
    {
        // In its first moment the process has not made its group yet.
        if (group > 0 && Signals.SendToGroup(group, signal)) return;
        if (!process.HasExited) Signals.Send(Pid, signal);
    }

    private static async Task<int> WaitAsync(Process process, int group, Task output)
    {
        await process.WaitForExitAsync();
        if (group > 0) Signals.SendToGroup(group, Signals.Kill);
        // The last lines explain the end; but a process that left the session may hold the pipe open for ever.
        await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System));
        return process.ExitCode;
    }

    private static string Find(string command, string folder, IReadOnlyDictionary<string, string> env)
    {
        if (command.Contains('/'))
        {
            var full = Path.GetFullPath(command, folder);
            return File.Exists(full) ? full : throw new AppStartException($"the command {full} does not exist");
        }

        var path = env.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        return path.Split(':').Where(part => part.Length > 0).Select(part => Path.Combine(part, command)).FirstOrDefault(File.Exists)
            ?? throw new AppStartException($"the command '{command}' is not on the PATH");
    }
}

/// <summary>An app could not be started; the message says why.</summary>
internal sealed class AppStartException(string message, Exception? inner = null) : Exception(message, inner);
