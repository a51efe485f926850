using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.Dashboard.Cluster;
using Orchestrator.Dashboard.Instances;

namespace Orchestrator.Dashboard.Tests.Cluster;

public sealed class ClusterPictureTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ClusterPicture picture = ClusterPicture.Empty
        .With([Summary("web"), Summary("db")])
        .With(View("web", ("web-2-r1-a1", 2, "a"), ("web-1-r1-a1", 1, "b")));

    [Fact]
    public void Each_worker_has_a_lane_with_its_instances_by_service_and_slot()
    {
        var full = picture.With(View("db", ("db-1-r1-a1", 1, "a")));
        Assert.Equal(["a: db-1-r1-a1 web-2-r1-a1", "b: web-1-r1-a1", "c: "], Lanes(full, "a", "b", "c"));
    }

    [Fact]
    public void What_runs_on_a_worker_that_is_not_listed_is_not_left_out() =>
        Assert.Equal(["a: web-2-r1-a1", "b: web-1-r1-a1"], Lanes(picture, "a"));

    [Fact]
    public void A_filter_takes_instances_by_a_part_of_their_name() =>
        Assert.Equal(["web-2-r1-a1"], picture.Lanes([], "-2-").SelectMany(it => it.Tiles).Select(it => it.Instance));

    [Fact]
    public void An_event_shows_at_once()
    {
        var next = picture.After(Told("web-1-r1-a1", "b", Phase.Running, InstanceHealth.Unhealthy));
        Assert.Equal(Tone.Unhealthy, next.Tiles["web-1-r1-a1"].Tone);
        Assert.Equal(Tone.Starting, picture.After(Told("web-3-r1-a1", "c", Phase.Starting)).Tiles["web-3-r1-a1"].Tone);
        Assert.False(picture.After(Told("web-1-r1-a1", "b", null)).Tiles.ContainsKey("web-1-r1-a1"));
    }

    [Fact]
    public void The_end_of_what_is_not_in_the_picture_does_not_bring_it_in() =>
        Assert.Equal(picture.Tiles, picture.After(Told("web-9-r1-a1", "b", Phase.Exited)).Tiles);

    [Fact]
    public void What_happened_before_it_was_read_is_remembered_and_changes_no_instance()
    {
        var next = picture.Remembering(Told("web-1-r1-a1", "b", Phase.Exited));
        Assert.Equal(picture.Tiles, next.Tiles);
        Assert.Single(next.Lately);
    }

    [Fact]
    public void Only_so_much_of_what_happened_is_kept_the_newest_first()
    {
        var next = Enumerable.Range(1, 100).Aggregate(picture, (it, slot) => it.After(Told($"web-{slot}-r1-a1", "a", Phase.Starting)));
        Assert.Equal((40, "web-100-r1-a1"), (next.Lately.Count, next.Lately[0].Instance));
    }

    [Fact]
    public void A_service_that_is_listed_no_more_takes_its_instances_along() =>
        Assert.Empty(picture.With([Summary("db")]).Tiles);

    [Fact]
    public void What_a_service_does_not_have_any_more_is_gone_when_it_is_read_again() =>
        Assert.Equal(["web-1-r2-a1"], picture.With(View("web", ("web-1-r2-a1", 1, "a"))).Tiles.Keys);

    private static IEnumerable<string> Lanes(ClusterPicture picture, params string[] workers) => picture
        .Lanes(workers.Select(it => new Member { Name = it, Role = MemberRole.Worker, Address = "", Status = WorkerHealth.Ready }))
        .Select(it => $"{it.Worker}: {string.Join(' ', it.Tiles.Select(tile => tile.Instance))}");

    private static ClusterEvent Told(string instance, string worker, Phase? phase, InstanceHealth health = InstanceHealth.None) => new()
    {
        At = Noon, Kind = EventKind.Instance, What = "", Service = "web", Instance = instance, Worker = worker, Phase = phase,
        Health = health,
    };

    private static ServiceSummary Summary(string name) =>
        new() { Name = name, Image = "x", Revision = 1, Wanted = 1, Observed = true, State = ServiceState.Running };

    private static ServiceView View(string name, params (string Instance, int Slot, string Worker)[] instances) => new()
    {
        Name = name, Revision = 1, Epoch = 1, Spec = new(), Observed = true, State = ServiceState.Running,
        Instances = [.. instances.Select(it => new InstanceView
        {
            Name = it.Instance, Slot = it.Slot, Revision = 1, Worker = it.Worker, Phase = Phase.Running,
        })],
    };
}
