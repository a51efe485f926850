using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Housekeeping;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Telemetry;

namespace Orchestrator.WorkerAgent.Lease;

/// <summary>
/// Renews the lease about once a second with the worker's load. It asks nothing of the engine, so nothing of the engine can delay it.
/// </summary>
internal sealed partial class Beat : ILoop, IDisposable
{
    /// <summary>Whoever starts together with the control plane need not worry for so long that it is not there yet.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);

    private readonly IControlPlane control;
    private readonly LeaseHolder lease;
    private readonly Reporter reporter;
    private readonly InstanceBook book;
    private readonly EngineCondition engine;
    private readonly ImageList images;
    private readonly DiskWatch disk;
    private readonly IMachine machine;
    private readonly IHostApplicationLifetime lifetime;
    private readonly Sequence sequence;
    private readonly WorkerAgentOptions options;
    private readonly WorkerMetrics metrics;
    private readonly TimeProvider clock;
    private readonly ILogger<Beat> log;
    private readonly ValueMap labels;
    private readonly WorkerPolicy policy;
    private readonly long incarnation;
    private readonly Bell news;
    private readonly CancellationTokenRegistration leaving;
    private CancellationTokenSource deadline;
    private ValueList<string>? imagesTold;
    private bool? heard;
    private TimeSpan begun;
    private bool waits;

    public Beat(
        IControlPlane control, LeaseHolder lease, Reporter reporter, InstanceBook book, EngineCondition engine,
        ImageList images, DiskWatch disk, IMachine machine, Sequence sequence,
        IHostApplicationLifetime lifetime, WorkerAgentOptions options,
        WorkerMetrics metrics, TimeProvider clock, ILogger<Beat> log)
    {
        this.lifetime = lifetime;
        (this.control, this.lease, this.reporter, this.book, this.engine, this.images) = (control, lease, reporter, book, engine, images);
        this.disk = disk;
        (this.machine, this.sequence, this.options, this.metrics) = (machine, sequence, options, metrics);
        (this.clock, this.log) = (clock, log);
        labels = options.LabelMap;
        policy = options.Policy;
        incarnation = sequence.Next();
        deadline = NewDeadline();
        news = new(clock);
        engine.Changed += news.Ring;
        leaving = lifetime.ApplicationStopping.Register(news.Ring);
    }

    public async Task Run(CancellationToken stopping)
    {
        begun = lease.Now;
        // The containers are usually seen in a moment; saying "not yet" first would cost a beat.
        if (!engine.Known) await news.Wait(options.Beat / 2, stopping);
        while (!stopping.IsCancellationRequested)
        {
            var began = lease.Now;
            var problem = Problem;
            await Renew(began, stopping);
            // An engine that goes or comes back, and that the worker leaves, is told at once, the same news only at the next beat.
            while (Problem == problem && await news.Wait(options.Beat - (lease.Now - began), stopping));
        }
    }

    public void Dispose()
    {
        leaving.Dispose();
        news.Dispose();
        deadline.Dispose();
    }

    /// <summary>Why nothing new can be taken; none when it can.</summary>
    private string? Problem =>
        lifetime.ApplicationStopping.IsCancellationRequested ? "the worker is being stopped"
        : engine.Problem ?? (engine.Known ? disk.Problem : "the engine's containers have not been seen yet");

    private async Task Renew(TimeSpan sent, CancellationToken cancel)
    {
        // A little more than a beat: a late answer is still worth having, and the next renewal must not wait long for it. One timer for all
        // renewals.
        if (!deadline.TryReset())
        {
            deadline.Dispose();
            deadline = NewDeadline();
        }

#pragma warning disable RS0030 // It was made with the clock.
        deadline.CancelAfter(options.Beat * 1.25);
#pragma warning restore RS0030
        using var ending = cancel.UnsafeRegister(static deadline => ((CancellationTokenSource)deadline!).Cancel(), deadline);
        try
        {
            var present = images.Present;
            var report = Report(present);
            var answer = await control.Renew(report, deadline.Token);
            lease.Renewed(sent, answer.Lease, report.Sequence);
            metrics.LeaseRenewed();
            imagesTold = answer.ReportEverything ? null : present;
            if (answer.ReportEverything) reporter.TellAll();
            foreach (var service in answer.Unreached) reporter.TellAllOf(service);
            if (heard is not true) LogHeard(answer.Lease.TotalSeconds);
            heard = true;
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            metrics.LeaseNotRenewed();
            // Every failure has the same answer: the next beat.
            TellUnheard(e is OperationCanceledException ? "no answer in time" : e.GetBaseException().Message);
            imagesTold = null;
        }
    }

    /// <summary>Said once per silence.</summary>
    private void TellUnheard(string why)
    {
        if (heard is null && lease.Now - begun < StartPatience)
        {
            if (!waits) LogWaits(why);
            waits = true;
            return;
        }

        if (heard is not false) LogUnheard(why);
        heard = false;
    }

    private CancellationTokenSource NewDeadline() => new(Timeout.InfiniteTimeSpan, clock);

    private WorkerReport Report(ValueList<string> present)
    {
        var (live, reserved, hostPorts, services) = book.Sums();
        var (cpu, memory) = machine.Load();
        return new()
        {
            Name = options.Name,
            Incarnation = incarnation,
            Sequence = sequence.Next(),
            Address = options.Address,
            Labels = labels,
            Capacity = machine.Capacity,
            Load = new() { Cpu = cpu, Memory = memory, Instances = live, Reserved = reserved },
            Policy = policy,
            HostPorts = hostPorts,
            Images = present.Equals(imagesTold) ? null : present,
            Services = services,
            EngineProblem = Problem,
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The control plane answers: the lease is {Seconds} s long")]
    private partial void LogHeard(double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for the control plane ({Why})")]
    private partial void LogWaits(string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The control plane does not answer ({Why}); renewing goes on")]
    private partial void LogUnheard(string why);
}
