using System.Collections.Concurrent;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Reports;

namespace Orchestrator.WorkerAgent.Tests.Fakes;

/// <summary>Remembers what it was told; is away, slow or forgetful on demand.</summary>
internal sealed class FakeControlPlane : IControlPlane
{
    private int refused;
    private int waiting;

    /// <summary>Renewals that were held up so far.</summary>
    public int Waiting => waiting;

    public ConcurrentQueue<ServiceReport> Reports { get; } = new();

    public ConcurrentQueue<WorkerReport> Beats { get; } = new();

    public bool Away { get; set; }

    /// <summary>Services whose ServiceMaster does not answer.</summary>
    public HashSet<string> AwayFor { get; init; } = [];

    public LeaseAnswer Answer { get; set; } = new() { Lease = TimeSpan.FromSeconds(5) };

    /// <summary>Reports that came while it was away.</summary>
    public int Refused => refused;

    /// <summary>Renewals do not return before this does.</summary>
    public TaskCompletionSource? HoldRenewals { get; set; }

    /// <summary>Reports do not return before this does.</summary>
    public TaskCompletionSource? HoldReports { get; set; }

    /// <summary>What instances are given.</summary>
    public Func<ContentsQuestion, ContentsAnswer> Contents { get; set; } = _ => new(new InstanceContents());

    /// <summary>How to log in for an image; asked at each pull.</summary>
    public Func<CredentialsQuestion, CredentialsAnswer> Credentials { get; set; } = _ => new();

    /// <summary>By service the images that it needs; of one that is not here there is none.</summary>
    public Dictionary<string, ValueList<string>> Needed { get; } = [];

    public Task<ValueList<string>> NeededImages(string service, string worker, CancellationToken cancel) =>
        Away || AwayFor.Contains(service) ? throw new HttpRequestException("no answer")
        : Task.FromResult(Needed.GetValueOrDefault(service) ?? []);

    /// <summary>Called with each report as it arrives.</summary>
    public Action<ServiceReport>? Told { get; set; }

    /// <summary>Called with each renewal as it arrives.</summary>
    public Action<WorkerReport>? Renewed { get; set; }

    /// <summary>The newest that was told of each instance; what is gone is not in it.</summary>
    public IReadOnlyDictionary<string, InstanceReport> Believes
    {
        get
        {
            var believed = new SortedDictionary<string, InstanceReport>(StringComparer.Ordinal);
            foreach (var report in Reports.OrderBy(r => r.Sequence))
            {
                foreach (var name in believed.Keys.Where(
                    k => report.Complete && InstanceName.TryParse(k, out var n) && n.Service == report.Service).Concat(report.Gone)
                    .ToArray())
                    believed.Remove(name);
                foreach (var instance in report.Instances) believed[instance.Instance] = instance;
            }

            return believed;
        }
    }

    /// <summary>The same in short: <c>web-1-r1-a1 Running</c>.</summary>
    public IReadOnlyList<string> Summary =>
        [.. Believes.Values.Select(i => $"{i.Instance} {i.Phase}{(i.Message is null ? "" : $": {i.Message}")}")];

    public async Task Report(ServiceReport report, CancellationToken cancel)
    {
        if (HoldReports is { } hold) await hold.Task.WaitAsync(cancel);
        if (Away || AwayFor.Contains(report.Service))
        {
            Interlocked.Increment(ref refused);
            throw new HttpRequestException("connection refused");
        }

        Reports.Enqueue(report);
        Told?.Invoke(report);
    }

    Task<ContentsAnswer> IControlPlane.Contents(string service, ContentsQuestion question, CancellationToken cancel) =>
        Away ? throw new HttpRequestException("connection refused") : Task.FromResult(Contents(question));

    Task<CredentialsAnswer> IControlPlane.Credentials(string service, CredentialsQuestion question, CancellationToken cancel) =>
        Away ? throw new HttpRequestException("connection refused") : Task.FromResult(Credentials(question));

    public async Task<LeaseAnswer> Renew(WorkerReport report, CancellationToken cancel)
    {
        await Task.Yield();
        if (HoldRenewals is { } hold)
        {
            Interlocked.Increment(ref waiting);
            await hold.Task.WaitAsync(cancel);
        }

        if (Away) throw new HttpRequestException("connection refused");
        Beats.Enqueue(report);
        Renewed?.Invoke(report);
        return Answer;
    }
}
