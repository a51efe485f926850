using System.Collections.Concurrent;
using Dapr.DurableTask.Protobuf;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.LocalDapr_Tests.Launch;
using Orchestrator.Testing;

namespace LocalDapr.Tests.Workflows;

/// <summary>
/// Many workflows while workers fall silent, die and come, answers are lost, activities are done twice, and the process ends and begins.
/// </summary>
public sealed class StormTests : IDisposable
{
    private const int Instances = 30, Lives = 5;
    private readonly TemporaryFolder folder = new();
    private readonly ConcurrentDictionary<string, int> done = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Whatever_happens_every_workflow_comes_to_its_end_once(int seed)
    {
        var dice = new Random(seed);
        var clock = new FakeTimeProvider();
        for (int life = 1; life <= Lives; life++)
        {
            await using var world = new WorkflowWorld(folder.Path("data"), clock);
            if (life == 1) await StartAllAsync(world);
            using var turns = world.Faults.LoseTurnAnswers(times: dice.Next(10));
            using var answers = world.Faults.LoseActivityAnswers(times: dice.Next(10));
            using var repeats = world.Faults.RepeatActivities(times: dice.Next(10));
            var workers = new List<Worker> { Work(world), Work(world) };
            int gusts = life == Lives ? int.MaxValue : dice.Next(40);
            await Eventually.Become(
                () =>
                {
                    Blow(world, workers, dice, clock);
                    return string.Join(' ', Ids.Where(id => !IsOver(world, id)));
                }, open => open.Length == 0 || --gusts < 0, TimeSpan.FromSeconds(60), "all come to their end", Cancel);
            if (life < Lives) continue;
            foreach (string id in Ids) IsAsItShouldBe(world, id);
        }

        Assert.Equal(Instances * Story.Tasks, done.Count);
        Assert.InRange(done.Values.Sum(), (Instances * Story.Tasks) + 1, Instances * Story.Tasks * 10);
    }

    private static void IsAsItShouldBe(WorkflowWorld world, string id)
    {
        Assert.Equal(Story.End, world.State(id)!.Output);
        var history = world.Api.History(id);
        Assert.Equal(Story.Tasks, history.Count(e => e.TaskCompleted is not null));
        Assert.Single(history, e => e.ExecutionStarted is not null);
        Assert.Single(history, e => e.EventRaised is not null);
        Assert.Single(history, e => e.TimerFired is not null);
        Assert.Single(history, e => e.ChildWorkflowInstanceCompleted is not null);
        Assert.Single(history, e => e.ExecutionCompleted is not null);
    }

    private static IEnumerable<string> Ids => Enumerable.Range(0, Instances).Select(i => $"story-{i}");

    private static async Task StartAllAsync(WorkflowWorld world)
    {
        foreach (string id in Ids)
        {
            await world.StartAsync(id);
            await world.Api.RaiseAsync(id, "go", "event");
        }
    }

    private static bool IsOver(WorkflowWorld world, string id) => world.State(id)!.WorkflowStatus == OrchestrationStatus.Completed;

    /// <summary>Time passes, and a worker may be lost in exchange for another.</summary>
    private void Blow(WorkflowWorld world, List<Worker> workers, Random dice, FakeTimeProvider clock)
    {
        if (dice.Next(4) == 0)
        {
            workers[0].Die();
            workers.RemoveAt(0);
            workers.Add(Work(world));
        }

        clock.Advance(TimeSpan.FromMinutes(dice.Next(5)));
    }

    /// <summary>One in five questions it never answers; only its death frees what it holds.</summary>
    private Worker Work(WorkflowWorld world)
    {
        var mood = new Random(done.Count);
        return world.Work(request => IsSilent() ? null : Story.Turn(request), request =>
        {
            done.AddOrUpdate($"{request.WorkflowInstance.InstanceId} {request.TaskExecutionId}", 1, (_, times) => times + 1);
            return IsSilent() ? null : new() { Result = $"{request.Name} done" };
        });

        bool IsSilent()
        {
            lock (mood) return mood.Next(5) == 0;
        }
    }
}
