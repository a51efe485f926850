using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>The workers as services see them, at a time when this master may know more or less than the registry.</summary>
public sealed class WorkerTableExamples
{
    private readonly FakeTimeProvider clock = new(CalmCluster.Start);
    private readonly FakeRegistryCalls registry = new();
    private readonly WorkerTable table;

    public WorkerTableExamples()
    {
        table = new WorkerTable(registry, clock);
        registry.All.Add(CalmCluster.NewWorker("a"));
        registry.All.Add(CalmCluster.NewWorker("b"));
    }

    [Fact]
    public async Task The_registry_is_asked_at_most_every_300_ms()
    {
        foreach (var wait in new[] { 0, 300, 1, 100 })
        {
            clock.Advance(TimeSpan.FromMilliseconds(wait));
            Assert.Equal("a: 0, b: 0", await Instances());
        }

        Assert.Equal(2, registry.Asked);
    }

    [Fact]
    public async Task Who_knows_of_a_change_has_the_registry_asked_at_once()
    {
        await Instances();
        registry.All.RemoveAt(1);
        Assert.Equal("a: 0", await Instances(table.Mark()));
    }

    [Fact]
    public async Task A_fresh_look_is_good_for_all_who_wanted_one_before_it_was_begun()
    {
        await Instances();
        var marks = Enumerable.Range(0, 5).Select(_ => table.Mark()).ToList();
        foreach (var mark in marks) await Instances(mark);
        Assert.Equal(2, registry.Asked);
    }

    [Fact]
    public async Task A_look_that_is_under_way_is_not_good_for_who_comes_now()
    {
        var held = new TaskCompletionSource();
        registry.Hold = held.Task;
        var underWay = Instances(table.Mark());
        var later = Instances(table.Mark());
        held.SetResult();
        await Task.WhenAll(underWay, later);
        Assert.Equal(2, registry.Asked);
    }

    [Fact]
    public async Task The_images_on_a_worker_are_asked_for_when_they_have_changed()
    {
        Assert.Equal("a: , b: ", await Images());
        registry.All[0] = registry.All[0] with { ImagesAt = 7 };
        registry.Images.Add(new("a", 7, ["web:1"]));
        Assert.Equal("a: web:1, b: ", await Images());
        Assert.Equal("a: web:1, b: ", await Images());
        registry.All[0] = registry.All[0] with { ImagesAt = 9 };
        registry.Images[0] = new("a", 9, ["web:1", "web:2"]);
        Assert.Equal("a: web:1 web:2, b: ", await Images());
        Assert.Equal(["a", "a"], registry.ImagesAskedOf);
    }

    [Fact]
    public async Task Of_many_workers_a_part_is_asked_for_at_a_time()
    {
        registry.All.Clear();
        for (var i = 0; i < ImageLists.MostAsked + 1; i++)
        {
            registry.All.Add(CalmCluster.NewWorker($"w{i}") with { ImagesAt = 1 });
            registry.Images.Add(new($"w{i}", 1, ["web:1"]));
        }

        await Images();
        Assert.Equal(ImageLists.MostAsked, registry.ImagesAskedOf.Count);
        Assert.EndsWith($"w{ImageLists.MostAsked}: web:1", await Images(), StringComparison.Ordinal);
        await Images();
        Assert.Equal(ImageLists.MostAsked + 1, registry.ImagesAskedOf.Count);
    }

    private async Task<string> Images()
    {
        clock.Advance(TimeSpan.FromMilliseconds(301));
        var workers = await table.Current(TestContext.Current.CancellationToken);
        return string.Join(", ", workers.Select(it => $"{it.Name}: {string.Join(' ', it.Images)}"));
    }

    [Fact]
    public async Task Many_who_ask_at_once_cost_one_question()
    {
        var held = new TaskCompletionSource();
        registry.Hold = held.Task;
        var asking = Enumerable.Range(0, 10).Select(_ => Instances()).ToList();
        held.SetResult();
        await Task.WhenAll(asking);
        Assert.Equal(1, registry.Asked);
    }

    [Fact]
    public async Task What_was_placed_counts_until_a_newer_report_shows_it()
    {
        await Instances();
        clock.Advance(TimeSpan.FromMilliseconds(10));
        table.Placed("a", new ResourceAmount(2));
        table.Placed("a", new ResourceAmount(1));
        Assert.Equal("a: 2 reserving 3, b: 0", await Instances());

        clock.Advance(TimeSpan.FromSeconds(1));
        Reported("b");
        Assert.Equal("a: 2 reserving 3, b: 0", await Instances());
        clock.Advance(TimeSpan.FromSeconds(1));
        Reported("a");
        Assert.Equal("a: 0, b: 0", await Instances());
    }

    [Fact]
    public async Task What_was_placed_after_the_report_counts_beside_what_it_shows()
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        table.Placed("a", new ResourceAmount(1));
        clock.Advance(TimeSpan.FromSeconds(1));
        Reported("a");
        clock.Advance(TimeSpan.FromSeconds(1));
        table.Placed("a", new ResourceAmount(2));
        Assert.Equal("a: 1 reserving 2, b: 0", await Instances());
    }

    [Fact]
    public async Task While_the_registry_is_silent_its_last_answer_serves_for_5_seconds()
    {
        await Instances();
        registry.Silent = true;
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal("a: 0, b: 0", await Instances());
        clock.Advance(TimeSpan.FromSeconds(0.4));
        await Assert.ThrowsAsync<NoAnswerException>(Instances);

        registry.Silent = false;
        Assert.Equal("a: 0, b: 0", await Instances());
    }

    [Fact]
    public async Task A_silent_registry_that_has_never_answered_is_no_empty_cluster()
    {
        registry.Silent = true;
        await Assert.ThrowsAsync<NoAnswerException>(Instances);
    }

    [Fact]
    public async Task Who_waits_for_room_waits_at_the_registry()
    {
        await table.WaitForRoom("web");
        Assert.Equal(["web"], registry.Waiting);
    }

    private void Reported(string worker)
    {
        var at = registry.All.FindIndex(it => it.Name == worker);
        registry.All[at] = registry.All[at] with { ReportedAt = clock.GetUtcNow() };
    }

    private Task<string> Instances() => Instances(since: 0);

    private async Task<string> Instances(long since) =>
        string.Join(", ", (await table.Current(TestContext.Current.CancellationToken, since)).Select(Words));

    private static string Words(Worker worker) => $"{worker.Name}: {worker.Load.Instances}"
        + (worker.Load.Reserved.Cpu > 0 ? $" reserving {worker.Load.Reserved.Cpu}" : "");
}
