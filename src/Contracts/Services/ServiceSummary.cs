using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>A line of <c>GET /services</c>: what <c>GET /services/{name}</c> says, in short.</summary>
public sealed record ServiceSummary
{
    public required string Name { get; init; }
    public required string Image { get; init; }
    public required int Revision { get; init; }

    /// <summary>How many instances are wanted; in a global service one for each eligible worker, of a job those that may run now.</summary>
    public required int Wanted { get; init; }

    /// <summary>False for a moment after another master has taken over.</summary>
    public required bool Observed { get; init; }

    /// <summary>How many instances run; none while that is not observed.</summary>
    public int? Running { get; init; }

    public bool Withdrawing { get; init; }

    public required ServiceState State { get; init; }

    /// <summary>The first thing that cannot be done yet and why; none when nothing waits.</summary>
    public string? Waiting { get; init; }

    /// <summary>Of a job where its newest run stands: <c>completed 3/5</c>.</summary>
    public string? Progress { get; init; }

    /// <summary>Labels of the service.</summary>
    public ValueMap Labels { get; init; } = ValueMap.Empty;

    /// <summary>The workers on which it has instances or is about to, by name.</summary>
    public ValueList<string> Workers { get; init; } = [];

    /// <summary>The secrets and configs that it runs with, or is to.</summary>
    public ValueList<UsedContent> Uses { get; init; } = [];

    /// <summary>The same, when nobody is known any more who could say what runs.</summary>
    public ServiceSummary Unobserved() =>
        Observed ? this with { Observed = false, Running = null, State = Withdrawing ? State : ServiceState.Unknown } : this;
}

/// <summary>How a service is, in a word; the first that fits.</summary>
public enum ServiceState
{
    /// <summary>It is being withdrawn.</summary>
    Withdrawing,

    /// <summary>Its record cannot be read; what waits tells why.</summary>
    Unreadable,

    /// <summary>Not every worker has told yet what it has of it.</summary>
    Unknown,

    /// <summary>An update is under way, or paused.</summary>
    Updating,

    /// <summary>Something cannot be done yet.</summary>
    Waiting,

    /// <summary>Fewer instances run than are wanted.</summary>
    Starting,

    /// <summary>As many run as are wanted, which may be none.</summary>
    Running,

    /// <summary>A job that has not run yet: its schedule begins the first run.</summary>
    Scheduled,

    /// <summary>A job whose newest run has completed.</summary>
    Completed,

    /// <summary>A job whose newest run has failed.</summary>
    Failed,
}

/// <summary>A page of <c>GET /services</c>, by name.</summary>
/// <param name="Services">At most as many as were asked for.</param>
/// <param name="Next">Pass as <c>after</c> for the next page; none on the last.</param>
/// <param name="Stale">True when the state store does not answer now, and this is what was known last.</param>
/// <param name="StaleFor">Of a stale answer: time since the store was first found not to answer.</param>
public sealed record ServiceList(ValueList<ServiceSummary> Services, string? Next, bool Stale = false, TimeSpan? StaleFor = null);
