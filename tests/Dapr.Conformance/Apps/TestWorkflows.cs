using Conformance.World;
using Dapr.Workflow;

namespace Conformance.Apps;

/// <summary>The workflows of <c>conformance-a</c>; what their activities did is in the journal, by instance.</summary>
public static class TestWorkflows
{
    public static void Register(WorkflowRuntimeOptions options, Replica replica)
    {
        options.RegisterActivity<int, int>("Increment", (context, number) =>
        {
            Note(context, replica, $"increment {number}");
            return Task.FromResult(number + 1);
        });
        options.RegisterActivity<string, string>("Do", (context, step) =>
        {
            Note(context, replica, $"do {step} as {context.TaskExecutionKey}");
            return step.StartsWith("bad", StringComparison.Ordinal)
                ? throw new InvalidOperationException($"{step} went wrong") : Task.FromResult($"did {step}");
        });
        options.RegisterActivity<int, bool>("Nap", async (context, milliseconds) =>
        {
            Note(context, replica, $"nap as {context.TaskExecutionKey}");
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
            return true;
        });
        options.RegisterActivity<int, string>("Fill", (context, length) =>
        {
            Note(context, replica, "fill");
            return Task.FromResult(new string('x', length));
        });
        options.RegisterWorkflow<int, int>("Chain", ChainAsync);
        options.RegisterWorkflow<int, int>("FanOut", FanOutAsync);
        options.RegisterWorkflow<int, double>("Sleep", SleepAsync);
        options.RegisterWorkflow<string, string>("Await", AwaitAsync);
        options.RegisterWorkflow<int, string>("AwaitInTime", AwaitInTimeAsync);
        options.RegisterWorkflow<string, string>("AwaitTwo", AwaitTwoAsync);
        options.RegisterWorkflow<string, string>("Fail", (_, why) => throw new InvalidOperationException(why));
        options.RegisterWorkflow<string, string>("Parent", ParentAsync);
        options.RegisterWorkflow<string, string>("Retry", RetryAsync);
        options.RegisterWorkflow<string, string>("Saga", SagaAsync);
        options.RegisterWorkflow<int, int>("Rounds", RoundsAsync);
        options.RegisterWorkflow<int, int>("Collect", CollectAsync);
        options.RegisterWorkflow<int, string>("Slow", SlowAsync);
        options.RegisterWorkflow<int, int>("Big", async (context, length) =>
            (await context.CallActivityAsync<string>("Fill", length)).Length);
        options.RegisterWorkflow<string, string>("Patched", PatchedAsync);
        options.RegisterWorkflow<string, string>("Unknown activity", (context, _) => context.CallActivityAsync<string>("No such activity"));
    }

    private static async Task<int> ChainAsync(WorkflowContext context, int steps)
    {
        int number = 0;
        for (int i = 0; i < steps; i++) number = await context.CallActivityAsync<int>("Increment", number);
        return number;
    }

    private static async Task<int> FanOutAsync(WorkflowContext context, int width)
    {
        var all = Enumerable.Range(0, width).Select(i => context.CallActivityAsync<int>("Increment", i));
        return (await Task.WhenAll(all)).Sum();
    }

    /// <summary>Milliseconds that have passed, as the workflow sees it.</summary>
    private static async Task<double> SleepAsync(WorkflowContext context, int milliseconds)
    {
        var before = context.CurrentUtcDateTime;
        await context.CreateTimer(TimeSpan.FromMilliseconds(milliseconds));
        return (context.CurrentUtcDateTime - before).TotalMilliseconds;
    }

    private static async Task<string> AwaitAsync(WorkflowContext context, string status)
    {
        context.SetCustomStatus(status);
        return await context.WaitForExternalEventAsync<string>("go");
    }

    private static async Task<string> AwaitInTimeAsync(WorkflowContext context, int milliseconds)
    {
        try
        {
            return await context.WaitForExternalEventAsync<string>("go", TimeSpan.FromMilliseconds(milliseconds));
        }
        catch (TaskCanceledException)
        {
            return "in vain";
        }
    }

    private static async Task<string> AwaitTwoAsync(WorkflowContext context, string input)
    {
        await context.CallActivityAsync<string>("Do", "first");
        string first = await context.WaitForExternalEventAsync<string>("one");
        return $"{first} {await context.WaitForExternalEventAsync<string>("two")}";
    }

    /// <summary>Input: name and id of the child, and what it gets.</summary>
    private static async Task<string> ParentAsync(WorkflowContext context, string input)
    {
        string[] child = input.Split(' ', 3);
        try
        {
            return await context.CallChildWorkflowAsync<string>(child[0], child[2], new ChildWorkflowTaskOptions { InstanceId = child[1] });
        }
        catch (WorkflowTaskFailedException e)
        {
            return $"{e.FailureDetails.ErrorType}: {e.FailureDetails.ErrorMessage}";
        }
    }

    private static async Task<string> RetryAsync(WorkflowContext context, string step)
    {
        var policy = new WorkflowRetryPolicy(3, firstRetryInterval: TimeSpan.FromMilliseconds(100), backoffCoefficient: 2);
        try
        {
            return await context.CallActivityAsync<string>("Do", step, new WorkflowTaskOptions(policy));
        }
        catch (WorkflowTaskFailedException e)
        {
            return $"gave up: {e.FailureDetails.ErrorMessage}";
        }
    }

    private static async Task<string> SagaAsync(WorkflowContext context, string steps)
    {
        var undo = new Stack<string>();
        try
        {
            foreach (string step in steps.Split(' '))
            {
                context.SetCustomStatus($"doing {step}");
                await context.CallActivityAsync<string>("Do", step);
                undo.Push($"undo {step}");
            }
        }
        catch (WorkflowTaskFailedException)
        {
            context.SetCustomStatus("rolling back");
            while (undo.TryPop(out string? step)) await context.CallActivityAsync<string>("Do", step);
            throw;
        }

        return "all done";
    }

    private static Task<int> RoundsAsync(WorkflowContext context, int left)
    {
        if (left > 0) context.ContinueAsNew(left - 1);
        return Task.FromResult(left);
    }

    /// <summary>Takes events up to the third, each in a generation of its own.</summary>
    private static async Task<int> CollectAsync(WorkflowContext context, int round)
    {
        await context.WaitForExternalEventAsync<int>("tick");
        if (round < 3) context.ContinueAsNew(round + 1);
        return round;
    }

    private static async Task<string> SlowAsync(WorkflowContext context, int milliseconds)
    {
        await context.CallActivityAsync<bool>("Nap", milliseconds);
        return await context.CallActivityAsync<string>("Do", "the rest");
    }

    private static async Task<string> PatchedAsync(WorkflowContext context, string input)
    {
        string before = context.IsPatched("one") ? "new" : "old";
        await context.WaitForExternalEventAsync<string>("go");
        string after = context.IsPatched("two") ? "new" : "old";
        return $"{before} {after}";
    }

    private static void Note(WorkflowActivityContext context, Replica replica, string what) =>
        Journal.Note(context.InstanceId, $"{what} on {replica.Name}");
}
