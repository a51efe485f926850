using System.Collections.Concurrent;
using Dapr.Workflow;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using Orchestrator.Contracts.Stacks;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Stacks;
using Orchestrator.ControlPlane.Workflows.Stacks;

namespace Orchestrator.ControlPlane.Tests.Workflows;

/// <summary>Runs the workflow of each stack in this process, without an engine: what it awaits happens, and nothing is replayed.</summary>
internal sealed class StacksInMemory(IServiceProvider services, TimeProvider clock) : IStackWork, IStackNews
{
    private readonly ConcurrentDictionary<string, Run> running = new(StringComparer.Ordinal);

    /// <summary>What happens before an activity (<c>AdvanceStack shop</c>) runs: an exception is its failure.</summary>
    public Func<string, Exception?> Before { get; set; } = _ => null;

    /// <summary>The activities that have run, in order.</summary>
    public ConcurrentQueue<string> Activities { get; } = new();

    /// <summary>Where each deployment stood, as the workflow told it.</summary>
    public ConcurrentQueue<string> Told { get; } = new();

    private sealed class Run
    {
        public TaskCompletionSource<string> News { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Begin(string stack)
    {
        var mine = new Run();
        var run = running.GetOrAdd(stack, mine);
        if (run == mine) _ = Task.Run(() => Carry(stack, run));
        else run.News.TrySetResult("");
    }

    public void Tell(string stack)
    {
        if (running.TryGetValue(stack, out var run)) run.News.TrySetResult("");
    }

    private async Task Carry(string stack, Run run)
    {
        var isAgain = true;
        while (isAgain)
        {
            isAgain = false;
            var context = new Mock<WorkflowContext>();
            context.Setup(it => it.CallActivityAsync<StackTurn>(nameof(AdvanceStack), It.IsAny<string>(), null))
                .Returns((string _, object? input, WorkflowTaskOptions? _) =>
                    Do<AdvanceStack, string, StackTurn>($"{input}", (string)input!));
            context.Setup(it => it.CallActivityAsync<bool>(nameof(TellService), It.IsAny<ServiceOfStack>(), null))
                .Returns((string _, object? input, WorkflowTaskOptions? _) =>
                    Do<TellService, ServiceOfStack, bool>(((ServiceOfStack)input!).Service, (ServiceOfStack)input));
            context.Setup(it => it.WaitForExternalEventAsync<string>(DeployStack.News, It.IsAny<CancellationToken>()))
                .Returns(() => (run.News = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
            context.Setup(it => it.CreateTimer(It.IsAny<DateTime>(), It.IsAny<CancellationToken>()))
                .Returns((DateTime at, CancellationToken cancel) => Task.Delay(at - clock.GetUtcNow().UtcDateTime, clock, cancel));
            context.Setup(it => it.CreateTimer(It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>()))
                .Returns((TimeSpan delay, CancellationToken cancel) => Task.Delay(delay, clock, cancel));
            context.Setup(it => it.SetCustomStatus(It.IsAny<object?>()))
                .Callback((object? status) => Told.Enqueue(Words((StackProgress?)status)));
            context.Setup(it => it.ContinueAsNew(It.IsAny<object?>(), true)).Callback(() => isAgain = true);
            await new DeployStack().RunAsync(context.Object, stack);
        }

        running.TryRemove(stack, out _);
    }

    private async Task<TOut> Do<TActivity, TIn, TOut>(string about, TIn input)
        where TActivity : WorkflowActivity<TIn, TOut>
    {
        var what = $"{typeof(TActivity).Name} {about}";
        try
        {
            if (Before(what) is { } failure) throw failure;
            var activity = ActivatorUtilities.CreateInstance<TActivity>(services);
            return await activity.RunAsync(Mock.Of<WorkflowActivityContext>(), input);
        }
        catch (Exception e)
        {
            throw new WorkflowTaskFailedException(e.Message, new WorkflowTaskFailureDetails(e.GetType().FullName!, e.Message, ""));
        }
        finally
        {
            Activities.Enqueue(what);
        }
    }

    private static string Words(StackProgress? it) => it is null ? "" : $"{it.Deployment} {it.State} {it.Wave}/{it.Waves}: "
        + string.Join(", ", it.Services);
}
