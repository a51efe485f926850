using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Maintenance;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Maintenance;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ControlPlane.Workflows.Maintenance;
using Orchestrator.ControlPlane.Workflows.Stacks;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Workflows;

/// <summary>A workflow that is told in its last moment hears nothing any more; it has to be begun anew.</summary>
public sealed class WorkflowStartsExamples : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private readonly FakeTimeProvider clock = new();
    private readonly CancellationTokenSource stopping = new();

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    [Fact]
    public async Task That_of_a_stack_which_ends_as_it_is_told_is_begun_soon()
    {
        var workflow = new FakeWorkflow("stack-shop") { Runs = true };
        Stacks(workflow).Begin("shop");
        await EndsAsItIsTold(workflow);
    }

    [Fact]
    public async Task That_of_maintenance_too()
    {
        var workflow = new FakeWorkflow("maintenance") { Runs = true };
        var record = new MemoryStore<MaintenanceRecord>
        {
            Stored = new()
            {
                Round = new()
                {
                    State = MaintenanceRoundState.Running, Who = "anna", At = clock.GetUtcNow(), AtATime = 1, Deadline = TimeSpan.FromHours(1),
                },
            },
        };
        using var work = new MaintenanceWork(
            workflow.Client, new MaintenanceStore(record.Open), clock, () => 0.5, new Logbook<MaintenanceWork>());
        var running = work.Run(stopping.Token);
        work.Begin();
        await EndsAsItIsTold(workflow);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task One_that_goes_on_is_told_once_and_not_begun()
    {
        var workflow = new FakeWorkflow("stack-shop") { Runs = true };
        Stacks(workflow).Begin("shop");
        await PassingTime.Until(() => workflow.Told, it => it == 1, "it is told");
        await clock.PassUntil(Step, () => workflow.Looks, it => it == 2, "it is looked at again");
        Assert.Equal((1, 0), (workflow.Told, workflow.Begun));
    }

    [Fact]
    public async Task News_begin_nothing()
    {
        var workflow = new FakeWorkflow("stack-shop");
        var work = Stacks(workflow);
        work.Tell("shop");
        await PassingTime.Until(() => workflow.Looks, it => it == 1, "it is looked at");
        work.Begin("shop");
        await PassingTime.Until(() => workflow.Begun, it => it == 1, "it is begun");
        Assert.Equal(0, workflow.Told);
    }

    private StackWork Stacks(FakeWorkflow workflow) => new(workflow.Client, clock, new Logbook<StackWork>(), stopping.Token);

    private async Task EndsAsItIsTold(FakeWorkflow workflow)
    {
        await PassingTime.Until(() => workflow.Told, it => it == 1, "it is told");
        workflow.Runs = false;
        var before = clock.GetUtcNow();
        await clock.PassUntil(Step, () => workflow.Begun, it => it == 1, "it is begun");
        Assert.InRange(clock.GetUtcNow() - before, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }
}
