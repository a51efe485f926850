using Orchestrator.Contracts.Events;
using Orchestrator.ControlPlane.Events;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>Makes events of what keepers tell, at once and without a store: what stands here is what a listener would hear.</summary>
internal sealed class FakeEvents : IEvents
{
    private readonly Told told = new(null);

    public List<ClusterEvent> All { get; } = [];

    public IEnumerable<string> Words => All.Select(it => it.What);

    public int GivenUp { get; set; }

    /// <summary>What is told now is given up.</summary>
    public bool Deaf { get; set; }

    public void Tell(ServiceNews news)
    {
        if (!Deaf) All.AddRange(told.Take(news).Select(it => it.Event));
    }

    public void Tell(MemberNews news) => All.AddRange(told.Take(news).Select(it => it.Event));

    public List<string> Take()
    {
        var words = Words.ToList();
        All.Clear();
        return words;
    }
}
