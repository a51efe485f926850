using Orchestrator.Client.Problems;
using Orchestrator.Contracts.Members;
using Orchestrator.Dashboard.Visits;

namespace Orchestrator.Dashboard.Live;

/// <summary>Who is there, asked again and again for one visitor: load has no events.</summary>
public sealed class MembersFeed(KnownMasters masters, Visit visit, TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>Told after each answer, and when there was none.</summary>
    public event Action? Changed;

    public MemberList? Members { get; private set; }

    /// <summary>Why there is no newer answer; none when there is.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Where a browser finds masters.</summary>
    public IEnumerable<string> Addresses => masters.All.Select(it => it.GetLeftPart(UriPartial.Authority));

    public async Task Run(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await Ask(cancel);
            Changed?.Invoke();
            await Task.Delay(Every, clock, cancel);
        }
    }

    /// <summary>At once, for who has just changed something.</summary>
    public async Task Ask(CancellationToken cancel)
    {
        try
        {
            Members = await visit.Client.Members.List(cancel);
            Trouble = null;
            if (masters.Learn(Members)) visit.Renew();
        }
        catch (Exception e) when (e is ProblemException or NoMasterException)
        {
            Trouble = e.Message;
        }
    }
}
