using Dapr.Workflow;
using Dapr.Workflow.Registration;

namespace LocalDapr.Benchmarks;

/// <summary>What a workflow costs: one that does nothing, a step after another, many activities at once, many workflows at once.</summary>
internal static class WorkflowFigures
{
    private const int Steps = 50, Width = 100, Many = 200, Short = 5;

    /// <summary>The workflows of the application under test.</summary>
    public static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterActivity<int, int>("Increment", (_, number) => Task.FromResult(number + 1));
        options.RegisterWorkflow<int, int>("Empty", (_, number) => Task.FromResult(number));
        options.RegisterWorkflow<int, int>("Chain", async (context, steps) =>
        {
            int number = 0;
            for (int i = 0; i < steps; i++) number = await context.CallActivityAsync<int>("Increment", number);
            return number;
        });
        options.RegisterWorkflow<int, int>("FanOut", async (context, width) =>
            (await Task.WhenAll(Enumerable.Range(0, width).Select(i => context.CallActivityAsync<int>("Increment", i)))).Sum());
    }

    public static async Task PrintAsync(Stage stage, Action<string, double, string> print, CancellationToken cancel)
    {
        await using var client = new DaprWorkflowClientBuilder().UseGrpcEndpoint($"http://127.0.0.1:{stage.A.GrpcPort}").Build();
        for (int i = 0; i < 20; i++) await RunAsync(client, "Chain", Steps, cancel);
        print("workflow_empty_ms", await MedianAsync(300, () => RunAsync(client, "Empty", 0, cancel)), "ms");
        print("workflow_one_activity_ms", await MedianAsync(200, () => RunAsync(client, "Chain", 1, cancel)), "ms");
        print("workflow_step_of_a_chain_ms", await MedianAsync(20, () => RunAsync(client, "Chain", Steps, cancel)) / Steps, "ms");
        print("workflow_activity_of_a_fan_out_ms", await MedianAsync(20, () => RunAsync(client, "FanOut", Width, cancel)) / Width, "ms");
        double seconds = await MedianAsync(5, () => Task.WhenAll(
            Enumerable.Range(0, Many).Select(_ => RunAsync(client, "Chain", Short, cancel)))) / 1000;
        print("workflow_activities_per_second", Many * Short / seconds, "1/s");
    }

    private static async Task RunAsync(DaprWorkflowClient client, string name, int input, CancellationToken cancel)
    {
        string id = await client.ScheduleNewWorkflowAsync(name, Guid.NewGuid().ToString("N"), input, null, cancel);
        var end = await client.WaitForWorkflowCompletionAsync(id, cancellation: cancel);
        if (end.RuntimeStatus != WorkflowRuntimeStatus.Completed)
            throw new InvalidOperationException($"{name} {id} is {end.RuntimeStatus}: {end.FailureDetails?.ErrorMessage}");
    }

    private static async Task<double> MedianAsync(int times, Func<Task> run)
    {
        var all = new List<double>(times);
        for (int i = 0; i < times; i++) all.Add(await Measure.Microseconds(run) / 1000);
        return Measure.Median(all);
    }
}
