using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Reports;

namespace Orchestrator.WorkerAgent.Lease;

/// <summary>Renews the lease about once a second with the worker's load. It asks nothing of the engine, so nothing of the engine can delay it.</summary>
internal sealed partial class Beat(
    IControlPlane control, LeaseHolder lease, Reporter reporter, InstanceBook book, EngineCondition engine, ImageList images, LoadMeter meter, Capacity capacity,
    Sequence sequence, WorkerAgentOptions options, TimeProvider clock, ILogger<Beat> log) : BackgroundService
{
    private readonly long incarnation = sequence.Next();
    private ValueList<string>? imagesTold;
    private bool? heard;
    private TaskCompletionSource early = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        engine.Changed += () => early.TrySetResult();
        // The containers are usually seen in a moment; saying "not yet" first would cost a beat.
        await Task.WhenAny(engine.FirstSeen, Task.Delay(options.Beat / 2, clock, stoppingToken));
        while (!stoppingToken.IsCancellationRequested)
        {
            early = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var began = lease.Now;
            var problem = engine.Problem;
            await Renew(began, stoppingToken);
            var rest = options.Beat - (lease.Now - began);
            if (rest <= TimeSpan.Zero) continue;
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var pause = Task.Delay(rest, clock, waiting.Token);
            // An engine that goes or comes back is told at once, the same news only at the next beat.
            if (await Task.WhenAny(pause, early.Task) == early.Task && engine.Problem == problem) await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await waiting.CancelAsync();
        }
    }

    private async Task Renew(TimeSpan sent, CancellationToken cancel)
    {
        // A little more than a beat: a late answer is still worth having, and the next renewal must not wait long for it.
        using var timer = new CancellationTokenSource(options.Beat * 1.25, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel, timer.Token);
        try
        {
            var present = images.Present;
            var answer = await control.Renew(Report(present), deadline.Token);
            lease.Renewed(sent, answer.Lease);
            imagesTold = answer.ReportEverything ? null : present;
            if (answer.ReportEverything) reporter.TellAll();
            if (heard is not true) LogHeard(answer.Lease.TotalSeconds);
            heard = true;
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            // Every failure has the same answer: the next beat. Said once per silence.
            if (heard is not false) LogUnheard(e is OperationCanceledException ? "no answer in time" : e.GetBaseException().Message);
            heard = false;
            imagesTold = null;
        }
    }

    private WorkerReport Report(ValueList<string> present)
    {
        var (live, reserved, hostPorts, services) = book.Sums();
        var (cpu, memory) = meter.Read();
        return new()
        {
            Name = options.Name,
            Incarnation = incarnation,
            Sequence = sequence.Next(),
            Address = options.Address,
            Labels = options.LabelMap,
            Capacity = capacity.Total,
            Load = new() { Cpu = cpu, Memory = memory, Instances = live, Reserved = reserved },
            HostPorts = hostPorts,
            Images = present.Equals(imagesTold) ? null : present,
            Services = services,
            EngineProblem = engine.Problem ?? (engine.Known ? null : "the engine's containers have not been seen yet"),
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The control plane answers: the lease is {Seconds} s long")]
    private partial void LogHeard(double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The control plane does not answer ({Why}); renewing goes on")]
    private partial void LogUnheard(string why);
}
