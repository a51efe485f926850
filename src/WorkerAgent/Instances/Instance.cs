using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>One instance as this worker knows it: what is wished for it, and what is observed. Both only move forward.</summary>
internal sealed record Instance
{
    private const int Killed = 137;

    public required InstanceName Name { get; init; }

    /// <summary>The epoch of the order that created it.</summary>
    public long Epoch { get; init; }

    public Intent Intent { get; init; }

    public required Footprint Footprint { get; init; }

    /// <summary>What to create; none for a container that was found, which needs no creating.</summary>
    public ContainerSpec? Spec { get; init; }

    /// <summary>The image by its bytes, as ordered; none when whatever is behind the spec's reference here runs.</summary>
    public string? Image { get; init; }

    /// <summary>What the container runs, from just before it is created.</summary>
    public ImageSeen? Runs { get; init; }

    /// <summary>Whether its image was pulled for it.</summary>
    public bool Pulled { get; init; }

    /// <summary>With a wish to prepare: the instance that ends before this one starts.</summary>
    public string Replaces { get; init; } = "";

    /// <summary>With a wish to stop: why, in words, how long it may take, and until when the container goes on serving first.</summary>
    public string StopReason { get; init; } = "";

    public TimeSpan StopGrace { get; init; }

    /// <summary>A timestamp of the clock, which nobody sets; 0 is at once.</summary>
    public long ServeUntil { get; init; }

    /// <summary>With a wish to stop: whose it is.</summary>
    public EndCause StopCause { get; init; } = EndCause.Order;

    /// <summary>The last signal by which somebody asked the container to end, and when; none when nobody did.</summary>
    public (int Number, DateTimeOffset At)? Signal { get; init; }

    public required InstanceReport Observed { get; init; }

    /// <summary>Where the container itself can be reached from its machine; none without a network of its own.</summary>
    public string? Address { get; init; }

    /// <summary>What its probes found last, oldest first.</summary>
    public ValueList<ProbeResult> Probes { get; init; } = [];

    /// <summary>Counts what the probes found that is worth telling at once: every failure, and the first success after one.</summary>
    public int ProbeNews { get; init; }

    public bool OutOfMemory { get; init; }

    /// <summary>With a wish to forget: whether nothing of its service is wanted any more.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>Whether the worker has let it go on once after somebody had paused it.</summary>
    public bool LetGoOn { get; init; }

    /// <summary>Whether it has been looked for what the ended container said last.</summary>
    public bool LastWordsSought { get; init; }

    /// <summary>What is told of it.</summary>
    public InstanceReport Report => Probes.Count == 0 ? Observed : Observed with { Probes = Probes };

    public Phase Phase => Observed.Phase;

    public bool Live => Phase != Phase.Exited;

    /// <summary>Nobody wants it to end.</summary>
    private bool IsWanted => Intent is Intent.Prepare or Intent.Run;

    /// <summary>It ended by itself, and not with 0 or as a job's: somebody will want to know what it said.</summary>
    public bool HasLastWords =>
        Phase == Phase.Exited && StopReason is "" && Observed.Cause.IsOwn()
        && Observed is { ExitCode: { } code, ContainerId: not null } && (code != 0 || Name.Run > 0);

    /// <summary>
    /// What it said last is being looked for and says why it ended. One that was killed from outside had no time to say anything.
    /// </summary>
    public bool WordsAreSought => HasLastWords && !LastWordsSought && Observed.ExitCode != Killed;

    /// <exception cref="FormatException">The order's instance has no name of one.</exception>
    public static Instance Ordered(RunInstance order) => Ordered(order, order.Container, order.Image, order.Fingerprint, Phase.Starting);

    /// <inheritdoc cref="Ordered(RunInstance)"/>
    public static Instance Ordered(PrepareInstance order) =>
        Ordered(order, order.Container, order.Image, order.Fingerprint, Phase.Placed) with
        {
            Intent = Intent.Prepare, Replaces = order.Replaces,
        };

    private static Instance Ordered(Order order, ContainerSpec container, string? image, string? fingerprint, Phase phase) => new()
    {
        Name = InstanceName.TryParse(order.Instance, out var name)
            ? name
            : throw new FormatException($"'{order.Instance}' is not the name of an instance"),
        Epoch = order.Epoch,
        Intent = Intent.Run,
        Footprint = Footprint.Of(container),
        Spec = container,
        Image = image,
        Observed = new() { Instance = order.Instance, Phase = phase, Fingerprint = fingerprint ?? Fingerprint.Of(container) },
    };

    /// <summary>What it takes up on a worker with these instances: one that waits for the end of another there has its place.</summary>
    public ResourceAmount TakesBeside(IEnumerable<Instance> live) =>
        Intent == Intent.Prepare && live.FirstOrDefault(IsReplacedBy) is { } before ? Footprint.Reserve.Beyond(before.Footprint.Reserve)
            : Footprint.Reserve;

    /// <summary>This one waits for the end of the other.</summary>
    public bool IsReplacedBy(Instance other) => Intent == Intent.Prepare && other.Name.ToString() == Replaces;

    /// <summary>Only its start is left, and that waits for an order.</summary>
    public Instance Prepared() => Intent == Intent.Prepare && Phase == Phase.Placed
        ? this with { Observed = Observed with { Phase = Phase.Prepared, Message = null } } : this;

    /// <summary>One that was only to be made ready is to run now.</summary>
    public Instance Run(long epoch) => Intent == Intent.Prepare && Live
        ? this with { Intent = Intent.Run, Replaces = "", Epoch = epoch, Observed = Observed with { Phase = Phase.Starting } } : this;

    /// <summary>Of several orders to stop the most impatient counts; reason and cause are the first one's.</summary>
    public Instance Stop(string reason, TimeSpan grace, long serveUntil = 0, EndCause cause = EndCause.Order) =>
        !Live ? this
        : IsWanted ? this with
        {
            Intent = Intent.Stop,
            StopReason = reason,
            StopGrace = grace,
            ServeUntil = serveUntil,
            StopCause = cause == EndCause.Order && Observed.Health == InstanceHealth.Unhealthy ? EndCause.Probe : cause,
        }
        : this with { StopGrace = grace < StopGrace ? grace : StopGrace, ServeUntil = serveUntil < ServeUntil ? serveUntil : ServeUntil };

    /// <param name="withdrawn">Nothing of its service is wanted any more.</param>
    public Instance Forget(bool withdrawn) => this with { Intent = Intent.Forget, Withdrawn = withdrawn };

    /// <summary>What is going on while it starts or stops.</summary>
    public Instance Say(string? message) =>
        Phase is Phase.Placed or Phase.Starting or Phase.Stopping ? this with { Observed = Observed with { Message = message } } : this;

    /// <summary>Whoever ordered it without saying which bytes is told which they are.</summary>
    public Instance Begins(ImageSeen image) =>
        this with { Runs = image, Observed = Image is null ? Observed with { Image = image } : Observed };

    /// <summary>This is its container, or it has none.</summary>
    public Instance In(string? container) => this with { Observed = Observed with { ContainerId = container } };

    public Instance Stopping() => Phase < Phase.Stopping
        ? this with { Observed = Observed with { Phase = Phase.Stopping, Message = StopReason } }
        : this;

    /// <summary>Takes in what the engine shows of its container.</summary>
    /// <param name="others">What caused its end if it has ended, when that is known to be something else than the program.</param>
    public Instance See(Container container, Outside? others = null)
    {
        if (Phase == Phase.Exited) return this;
        if (container.State != ContainerState.Running) return Become(container, others);
        var checks = Footprint.Health is null ? container.Checks : Probes.Where(p => p.Kind == ProbeKind.Health).ToValueList();
        return (this with
        {
            Address = container.Address,
            Probes = [.. Probes.Where(p => p.Kind != ProbeKind.Health), .. checks],
            ProbeNews = checks is [.., { Ok: false } last] && !Probes.Contains(last) ? ProbeNews + 1 : ProbeNews,
        }).Become(container, others);
    }

    private Instance Become(Container container, Outside? others)
    {
        var seen = Observed with { ContainerId = container.Id, StartedAt = container.StartedAt ?? Observed.StartedAt };
        return container.State switch
        {
            ContainerState.Created => this with { Observed = seen },
            ContainerState.Running => this with
            {
                Observed = Felt(seen, container.Health) with
                {
                    Phase = Phase == Phase.Stopping ? Phase : Phase.Running,
                    Ports = container.Ports,
                    Message = Phase == Phase.Stopping ? seen.Message : null,
                },
            },
            ContainerState.Paused => (this with { Observed = Felt(seen, container.Health) with { Ports = container.Ports } }).Paused(),
            _ => (this with { Observed = seen, OutOfMemory = OutOfMemory || container.OutOfMemory })
                .Ended(container.ExitCode, container.EndedAt, container.Error is "" ? null : container.Error, others),
        };
    }

    /// <summary>Somebody has frozen its container; what is to end anyway ends all the same.</summary>
    public Instance Paused() => Phase is Phase.Starting or Phase.Running
        ? this with { Observed = Observed with { Phase = Phase.Paused, Message = "somebody has paused its container" } } : this;

    /// <summary>Its container goes on.</summary>
    public Instance Unpaused() => Phase == Phase.Paused
        ? this with { Observed = Felt(Observed, Observed.Health) with { Phase = Phase.Running, Message = null } } : this;

    /// <summary>Somebody sent its container a signal. When we ourselves want it to end that says nothing.</summary>
    public Instance Signalled(int number, DateTimeOffset at) =>
        Intent == Intent.Run && Live && EndSignals.AsksToEnd(number) ? this with { Signal = (number, at) } : this;

    /// <summary>The container has ended; the first to say so is right.</summary>
    /// <param name="message">How, when that is known better than from the exit code.</param>
    /// <param name="others">What caused it, when it was neither the program nor anything that was wished here.</param>
    public Instance Ended(int? exitCode, DateTimeOffset? at, string? message = null, Outside? others = null)
    {
        if (Phase == Phase.Exited) return this;
        var outside = IsWanted ? others ?? EndSignals.Judge(Signal, at) : null;
        return this with
        {
            Observed = Observed with
            {
                Phase = Phase.Exited,
                Health = InstanceHealth.None,
                Readiness = null,
                Ports = [],
                ExitCode = exitCode,
                EndedAt = at,
                Cause = !IsWanted ? StopCause : outside?.Cause ?? (OutOfMemory ? EndCause.OutOfMemory : EndCause.Program),
                Message = message ?? outside?.Words ?? (IsWanted ? null : StopReason is "" ? null : StopReason)
                    ?? Ending(exitCode),
            },
        };
    }

    /// <summary>Adds what the container said last.</summary>
    public Instance SaidLast(LastWords words) => this with
    {
        LastWordsSought = true,
        Observed = Observed with
        {
            Message = words.Line is null || Observed.ExitCode == 0 ? Observed.Message : $"{Ending(Observed.ExitCode)}: {words.Line}",
            LastLines = Name.Run > 0 && words.Lines.Count > 0 ? words.Lines : null,
        },
    };

    /// <summary>Adds to the reason why its end came late.</summary>
    public Instance EndedLate(string why) => this with { Observed = Observed with { Message = $"{StopReason}; it {why}" } };

    public Instance Feels(InstanceHealth health) =>
        Phase == Phase.Running ? this with { Observed = Observed with { Health = health } } : this;

    /// <summary>One that was found running is taken for well until its first probe: it may have served all the time.</summary>
    public Instance TakenForWell() => Phase != Phase.Running ? this : this with
    {
        Observed = Observed with
        {
            Health = Footprint.Health is null ? Observed.Health : InstanceHealth.Healthy,
            Readiness = Footprint.Readiness is null ? null : InstanceHealth.Healthy,
        },
    };

    /// <summary>What a probe that is asked here says by now.</summary>
    public Instance Probed(ProbeKind kind, InstanceHealth health, ValueList<ProbeResult> results) =>
        Phase != Phase.Running ? this : this with
    {
        Observed = kind == ProbeKind.Health ? Observed with { Health = health } : Observed with { Readiness = health },
        Probes = [.. Probes.Where(p => p.Kind != kind), .. results],
        ProbeNews = results is [.., { Ok: true }] and not [.., { Ok: false }, _] ? ProbeNews : ProbeNews + 1,
    };

    /// <summary>
    /// How it is: as the engine says, or as it was found where it is asked here. What is asked here never passes for well before it has
    /// answered.
    /// </summary>
    private InstanceReport Felt(InstanceReport seen, InstanceHealth engines) => seen with
    {
        Health = Footprint.Health is null ? engines : Asked(seen.Health),
        Readiness = Footprint.Readiness is null ? null : Asked(seen.Readiness),
    };

    private static InstanceHealth Asked(InstanceHealth? before) => before is null or InstanceHealth.None ? InstanceHealth.Starting
        : before.Value;

    private string Ending(int? exitCode) => $"exit code {exitCode}{(OutOfMemory ? ", out of memory" : "")}";
}

/// <summary>What is wished for an instance; it only moves forward.</summary>
internal enum Intent { Prepare = -1, Run, Stop, Forget }
