using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Guard;

/// <summary>
/// <c>WorkerAgent guard</c>: the process beside the agent that ends what must not outlive the lease when the agent cannot: dead, frozen, or
/// held up by its engine. It listens nowhere and talks to nobody but the engine.
/// </summary>
internal sealed class GuardProcess(GuardOptions options, TimeProvider clock) : IDisposable
{
    public const string Lock = "guard.lock";

    /// <summary>An agent that is started again within this time finds its guard still there.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource ending = new();
    private readonly SharedFolder folder = new(options.Folder);
    private DockerEngine? engine;
    private bool asked;
    private long aloneSince = clock.GetTimestamp();

    /// <summary>Runs until it is not needed any more, or is told to end; answers the exit code.</summary>
    public static async Task<int> Run(string[] arguments)
    {
        GuardOptions options;
        try
        {
            options = GuardOptions.Read(arguments, Environment.GetEnvironmentVariable);
            Directory.CreateDirectory(options.Folder);
        }
        catch (Exception e) when (e is ValidationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }

        using var guard = new GuardProcess(options, TimeProvider.System);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, guard.AskToEnd);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, guard.AskToEnd);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static signal => signal.Cancel = true);
        return await guard.Run();
    }

    public void Dispose()
    {
        ending.Dispose();
        engine?.Dispose();
    }

    /// <summary>A third of this process: made as soon as there is something to guard, and not before.</summary>
    private DockerEngine Engine => engine ??= new(new WorkerAgentOptions { DockerHost = options.DockerHost }, clock);

    private async Task<int> Run()
    {
        using var held = await Hold();
        if (held is null) return 0;
        Say($"guards {options.Folder}");
        var watch = new GuardWatch(folder, new GuardMachine(), new ContainerEnder(() => Engine, clock, Say));
        var wasEnding = false;
        while (folder.Exists)
        {
            var pause = await Look(watch);
            if (watch.List.Containers.Count > 0) _ = Engine;
            if (watch.Ending.Count > 0 && !wasEnding)
                Say($"the lease was not renewed: ending {string.Join(", ", watch.List.Containers.Values)}");
            wasEnding = watch.Ending.Count > 0;
            if (IsDone(watch.List)) break;
            await Task.Delay(pause, clock, asked ? CancellationToken.None : ending.Token).Quietly();
        }

        Say("ends");
        return 0;
    }

    private static async Task<TimeSpan> Look(GuardWatch watch)
    {
        try
        {
            return await watch.Look(CancellationToken.None);
        }
        catch (Exception e)
        {
            // Nothing may end the last one who looks.
            Say($"could not look: {e.Message}");
            return GuardWatch.Pause;
        }
    }

    /// <summary>One guard at a time. One that stays waits for its turn; one that was started because there was none goes.</summary>
    private async Task<FileStream?> Hold()
    {
        while (!ending.IsCancellationRequested && folder.Exists)
        {
            if (folder.TryHold(Lock) is { } held) return held;
            if (options.WhileNeeded) return null;
            await Task.Delay(TimeSpan.FromSeconds(1), clock, ending.Token).Quietly();
        }

        return null;
    }

    /// <summary>Whoever asks it to end while something runs that only it can end has to wait until that is over.</summary>
    private bool IsDone(GuardList list)
    {
        asked = ending.IsCancellationRequested;
        if (list.Agent is { IsAlive: true }) aloneSince = clock.GetTimestamp();
        var isAlone = clock.GetElapsedTime(aloneSince) > Patience;
        var isIdle = list.Containers.Count == 0 || list.Boot != Boot.Id || !AnyLeft(list);
        return asked ? list.Agent is { IsAlive: true } || isIdle : options.WhileNeeded && isAlone && isIdle;
    }

    private bool AnyLeft(GuardList list) =>
        GuardList.ReadDeadline(folder) is not { } deadline || Boot.Uptime < deadline + Patience
        || list.Containers.Keys.Any(ContainerProcesses.Any);

    private void AskToEnd(PosixSignalContext signal)
    {
        signal.Cancel = true;
        ending.Cancel();
    }

    private static void Say(string what) => Console.WriteLine($"{TimeProvider.System.GetLocalNow():yyyy-MM-dd HH:mm:ss.fff} guard {what}");

    /// <summary>All that a guard asks of the machine.</summary>
    private sealed class GuardMachine : IMachineTime
    {
        public string? BootId => Boot.Id;

        public TimeSpan Uptime => Boot.Uptime;
    }
}
