using System.Runtime.InteropServices;
using LocalDapr.Components;
using LocalDapr.State;
using Spectre.Console;

namespace LocalDapr.Launch;

/// <summary><c>LocalDapr run</c>: the apps of a run file and a sidecar for each, until a signal or <c>down</c> ends them.</summary>
internal sealed class RunCommand(RunFolder folder, Func<RunFile, ConsoleOutput, Task<ISidecars>> startSidecars, TimeProvider clock)
{
    /// <summary>What to run.</summary>
    /// <param name="RunFile">The run file, or the folder of its <c>dapr.yaml</c>.</param>
    /// <param name="ReadyMessage">Said when all apps are healthy; <c>{url}</c> stands for the address of the first app.</param>
    /// <param name="StoppedMessage">Said when all have ended.</param>
    /// <param name="Detached">Nobody reads what is written after that: only the log files get it.</param>
    public sealed record Wishes(string RunFile, string ReadyMessage, string StoppedMessage, bool Detached);

    /// <summary>Answers the exit code.</summary>
    public async Task<int> RunAsync(Wishes wishes, IAnsiConsole console, TextWriter errors)
    {
        try
        {
            using var taken = folder.TryTake();
            if (taken is null)
            {
                await errors.WriteLineAsync(folder.Taken);
                return 1;
            }

            var file = RunFileReader.Read(wishes.RunFile);
            using var output = new ConsoleOutput(console, folder.FullPath, file.Apps.Select(app => app.Name));
            foreach (var warning in file.Warnings) output.Say($"warning: {warning}");
            return await RunAsync(file, wishes, output);
        }
        catch (Exception e) when (e is RunFileException or AppStartException or ResourceException or DatabaseException)
        {
            await errors.WriteLineAsync(e.Message);
            return 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(
                $"the folder {folder.FullPath} cannot be used: {e.Message}; see that it can be written and has room, or choose another one "
                + "with --folder");
            return 2;
        }
    }

    private async Task<int> RunAsync(RunFile file, Wishes wishes, ConsoleOutput output)
    {
        var leftovers = new Leftovers(folder.FullPath, clock);
        if (await leftovers.EndAsync(CancellationToken.None) is > 0 and var count)
            output.Say($"ended {count} process{(count == 1 ? "" : "es")} of an earlier run that was killed");
        foreach (var app in file.Apps) Ports.MustAllBeFree(app);

        await using var launcher = new Launcher(file, folder, await startSidecars(file, output), output, leftovers, clock);
        await using var control = await ControlServer.StartAsync(folder, launcher, CancellationToken.None);
        using var interrupt = OnSignal(PosixSignal.SIGINT, launcher);
        using var terminate = OnSignal(PosixSignal.SIGTERM, launcher);
        using var hangUp = OnSignal(PosixSignal.SIGHUP, launcher);

        var ready = wishes.ReadyMessage.Replace("{url}", Url(file.Apps[0]), StringComparison.Ordinal);
        await launcher.RunAsync(() =>
        {
            if (wishes.Detached) output.LeaveTerminal(ready, DetachedRun.ReadyMark);
            else output.Ready(ready);
        });
        output.Say(wishes.StoppedMessage);
        return 0;
    }

    private static string Url(RunFileApp app) => app.AppPort > 0 ? $"http://localhost:{app.AppPort}" : app.Name;

    private static PosixSignalRegistration OnSignal(PosixSignal signal, Launcher launcher) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true; // Else the runtime would end us before the apps are gone.
            launcher.Stop();
        });
}
