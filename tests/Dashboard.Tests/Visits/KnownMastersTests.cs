using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Workers;
using Orchestrator.Dashboard.Visits;

namespace Orchestrator.Dashboard.Tests.Visits;

public sealed class KnownMastersTests : IDisposable
{
    private readonly KnownMasters masters = new(new DashboardOptions
    {
        Master = "one", Api = new("http://localhost:5000"), PublicUrl = new("http://one:5000"), Recognize = _ => null,
    });

    public void Dispose() => masters.Dispose();

    [Fact]
    public void The_own_one_is_known_from_the_start_and_comes_first()
    {
        Assert.Equal([new("http://one:5000")], masters.All);
        Assert.True(masters.Learn(Told(("a-first", "http://a:5000", WorkerHealth.Ready), ("one", "http://one:5000/", WorkerHealth.Ready))));
        Assert.Equal(["http://one:5000/", "http://a:5000/"], masters.All.Select(it => $"{it}"));
        Assert.Equal([new("http://a:5000")], masters.Others);
    }

    [Fact]
    public void What_was_told_before_is_no_news_and_who_is_lost_is_not_asked()
    {
        var told = Told(("two", "http://two:5000", WorkerHealth.Ready), ("three", "http://three:5000", WorkerHealth.Lost));
        Assert.True(masters.Learn(told));
        Assert.False(masters.Learn(told));
        Assert.Equal([new("http://two:5000")], masters.Others);
    }

    private static MemberList Told(params (string Name, string Address, WorkerHealth Status)[] masters) => new(
        [.. masters.Select(it => new Member { Name = it.Name, Role = MemberRole.Master, Address = it.Address, Status = it.Status })], null);
}
