using Dapr.DurableTask.Protobuf;
using Orchestrator.LocalDapr_Tests.Launch;
using Orchestrator.Testing;

namespace LocalDapr.Tests.Workflows;

/// <summary>The end of the process between any two steps: the file as it was then is opened by the next.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    /// <summary>Three activities, two at once, a timer, an event and a child.</summary>
    [Fact]
    public async Task Wherever_it_is_killed_it_comes_to_the_same_end()
    {
        var copies = new List<string>();
        await using (var world = new WorkflowWorld(folder.Path("first")))
        {
            var gate = new Lock();
            void Keep()
            {
                lock (gate)
                {
                    copies.Add(folder.Path($"copy {copies.Count}"));
                    WorkflowWorld.Copy(folder.Path("first"), copies[^1]);
                }
            }

            // The worker is asked after every commit; what is being written at that moment is the end of the log, and does not count yet.
            world.Work(
                request =>
                {
                    Keep();
                    return Story.Turn(request);
                },
                request =>
                {
                    Keep();
                    return new() { Result = $"{request.Name} done" };
                });
            await world.StartAsync("story");
            await world.Api.RaiseAsync("story", "go", "event");
            await Become(world, "waits for its timer", () => world.Api.History("story").Any(e => e.TimerCreated is not null));
            Keep();
            world.Clock.Advance(TimeSpan.FromHours(1));
            Assert.Equal(Story.End, (await world.EndAsync("story")).Output);
        }

        Assert.InRange(copies.Count, 8, 40);
        foreach (string copy in copies)
        {
            await using var world = new WorkflowWorld(copy);
            // What was not acknowledged may be said again: whoever raised the event does, if it is not there.
            var found = world.Runtime.Store.Load(new("app", "story"), known: null)!;
            if (!found.History.Concat(found.Inbox.Select(i => i.Event)).Any(e => e.EventRaised is not null))
                await world.Api.RaiseAsync("story", "go", "event");
            world.Work(Story.Turn, request => new() { Result = $"{request.Name} done" });
            world.Clock.Advance(TimeSpan.FromHours(2));
            await Become(world, "comes to its end", () =>
            {
                world.Clock.Advance(TimeSpan.FromHours(1));
                return world.State("story")!.WorkflowStatus == OrchestrationStatus.Completed;
            });
            Assert.Equal(Story.End, world.State("story")!.Output);
            Assert.Equal(Story.Tasks, world.Api.History("story").Count(e => e.TaskCompleted is not null));
            Assert.Single(world.Api.History("story"), e => e.EventRaised is not null);
        }
    }

    [Fact]
    public async Task An_activity_whose_answer_was_acknowledged_is_not_done_again()
    {
        await using (var world = new WorkflowWorld(folder.Path("first")))
        {
            var sidecar = world.Sidecar();
            var worker = world.Work(
                request => request.PastEvents.Count == 0 ? Code.Answer(Code.Schedule(0, "a")) : null, _ => null, sidecar);
            await world.StartAsync("one");
            await Become(world, "begins", () => worker.Activities.Count == 1);
            await sidecar.AnswerAsync(new ActivityResponse
            {
                InstanceId = "one", TaskId = 0, Result = "kept", CompletionToken = worker.Seen[^1].CompletionToken,
            });
            WorkflowWorld.Copy(folder.Path("first"), folder.Path("second"));
        }

        await using var next = new WorkflowWorld(folder.Path("second"));
        var again = next.Work(Code.Chain(1));
        Assert.Equal("kept", (await next.EndAsync("one")).Output);
        Assert.Empty(again.Activities);
    }

    private static async Task Become(WorkflowWorld world, string what, Func<bool> reached) => await Eventually.Become(
        () => (Reached: reached(), World: world.State("story")), it => it.Reached, TimeSpan.FromSeconds(20), what, Cancel);
}
