using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.Dashboard.Visits;

/// <summary>Where the masters are, as the last visitor was told.</summary>
public sealed class KnownMasters(DashboardOptions options) : IDisposable
{
    /// <summary>Of all visits to all masters.</summary>
    internal SocketsHttpHandler Connections { get; } = new() { ConnectTimeout = TimeSpan.FromSeconds(3) };

    /// <summary>All that were not lost, the one that serves this page first.</summary>
    public ValueList<Uri> All { get; private set; } = [options.PublicUrl];

    /// <summary>Whom to ask when the own one does not answer.</summary>
    public IEnumerable<Uri> Others => All.Where(it => it != options.PublicUrl);

    /// <summary>Answers whether there is anything new.</summary>
    public bool Learn(MemberList members)
    {
        var told = members.Members.Where(it => it.Role == MemberRole.Master && it.Status != WorkerHealth.Lost)
            .Select(it => Uri.TryCreate(it.Address, UriKind.Absolute, out var address) ? address : null).OfType<Uri>()
            .Where(it => it != options.PublicUrl).OrderBy(it => it.ToString(), StringComparer.Ordinal)
            .Prepend(options.PublicUrl).ToValueList();
        if (told.Equals(All)) return false;
        All = told;
        return true;
    }

    public void Dispose() => Connections.Dispose();
}
