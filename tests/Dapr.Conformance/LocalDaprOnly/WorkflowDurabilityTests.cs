using Conformance.Apps;
using Conformance.Promises;
using Conformance.Workflows;
using Conformance.World;
using Dapr.DurableTask.Protobuf;
using Dapr.Workflow;
using Grpc.Core;
using Grpc.Net.Client;
using Orchestrator.Testing;

namespace Conformance.LocalDaprOnly;

/// <summary>Workflows where LocalDapr is more than Dapr promises, or has to be started by the test.</summary>
[Collection(OneAtATime.Name)]
public sealed class WorkflowDurabilityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workflows-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Folders.Remove(_folder);

    [Fact, Holds("11.6", "LocalDapr: workflows outlive a restart of everything; timers that fell due meanwhile fire then")]
    public async Task Workflows_survive_a_restart()
    {
        string waiting, sleeping;
        await using (var own = await OwnHost.Start(new() { Folder = _folder }))
        {
            var client = new Client((await own.AddSdkApp("a1")).Replica);
            waiting = await client.Start("Await", "waiting");
            sleeping = await client.Start("Sleep", 300);
        }

        await using (var own = await OwnHost.Start(new() { Folder = _folder }))
        {
            var client = new Client((await own.AddSdkApp("a1")).Replica);
            Assert.Equal("waiting", (await client.State(waiting)).ReadCustomStatusAs<string>());
            await client.Raise(waiting, "go", "still here");
            Assert.Equal("still here", (await client.End(waiting)).ReadOutputAs<string>());
            Assert.InRange((await client.End(sleeping)).ReadOutputAs<double>(), 300, 60_000);
        }
    }

    [Fact, Holds("11.6", "LocalDapr: kill -9 in the middle of many workflows loses none of them and repeats no step that was acknowledged")]
    public async Task A_kill_in_the_middle_of_many_workflows_loses_nothing()
    {
        Assert.SkipWhen(Sidecars.AreForeign, "it starts and kills LocalDapr itself");
        int port = FreePorts.Find(1)[0];
        string runFile = $"""
            version: 1
            apps:
              - appID: worker
                appDirPath: .
                daprGRPCPort: {port}
                command: [sleep, "300"]
            """;
        await using var replica = new Replica("killed", new("worker", 0, 1, port), AppPort.FromTheSystem(), WorkerApp.Build);
        var client = new Client(replica);
        var ids = new List<string>();
        await using (var first = await LocalDaprProcess.Start(_folder, runFile))
        {
            await replica.Start(Cancel);
            for (int i = 0; i < 20; i++) ids.Add(await client.Start("Chain", 60));
            await Eventually.Become(
                () => ids.Sum(id => Journal.Of(id).Count), done => done > 200, TimeSpan.FromSeconds(30), "they are under way", Cancel);
            await first.Kill();
        }

        Assert.InRange(ids.Sum(id => Journal.Of(id).Count), 200, 20 * 60 - 1);
        await using var second = await LocalDaprProcess.Start(_folder, runFile);
        foreach (string id in ids)
        {
            Assert.Equal(60, (await client.End(id)).ReadOutputAs<int>());
            // One step may have been done and not acknowledged when it was killed.
            Assert.InRange(Journal.Of(id).Count, 60, 61);
        }
    }

    [Fact, Holds("11.9", "LocalDapr: a result above the size of a message fails its activity, and disturbs nobody")]
    public async Task A_result_that_is_too_large_is_a_failed_activity()
    {
        await using var own = await OwnHost.Start();
        var client = new Client((await own.AddSdkApp("a1")).Replica);
        string napping = await client.Start("Slow", 1000);
        string id = await client.Start("Big", 5_000_000);
        var end = await client.End(id);
        Assert.Equal(WorkflowRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("a message may hold 4194304", end.FailureDetails!.ErrorMessage);
        Assert.Single(Journal.Of(id));
        await client.End(napping);
        Assert.Single(Journal.Of(napping), line => line.StartsWith("nap", StringComparison.Ordinal));
        Assert.Equal(3_000_000, await client.Result<int>("Big", 3_000_000));
    }

    [Fact, Holds("11.6", "LocalDapr: what an app does that no longer answers its probes is given to another")]
    public async Task Work_of_an_app_that_is_no_longer_healthy_is_done_by_another()
    {
        bool isHealthy = true;
        await using var own = await OwnHost.Start();
        var (first, _) = await own.AddWorkerApp("ill", () => Volatile.Read(ref isHealthy));
        string id = await new Client(first).Start("Slow", 30_000);
        await Journal.Has(id, "nap");
        await own.AddWorkerApp("well", () => true);
        Volatile.Write(ref isHealthy, false);
        var naps = await Journal.Has(id, "nap", 2);
        Assert.EndsWith(" on well", naps[1], StringComparison.Ordinal);
        Assert.Single(naps.Select(line => line.Split(" on ")[0]).Distinct());
    }

    [Fact, Holds("11.1.2", "LocalDapr: workflows need the API token where one is asked for")]
    public async Task Workflows_need_the_api_token()
    {
        await using var own = await OwnHost.Start(new() { ApiToken = "secret" });
        var (b, _) = await own.AddWireApp("b");
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{b.Address.GrpcPort}");
        var service = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await service.GetInstanceAsync(new() { InstanceId = "x" }, cancellationToken: Cancel));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        var answer = await service.GetInstanceAsync(
            new() { InstanceId = "x" }, new Metadata { { "dapr-api-token", "secret" } }, cancellationToken: Cancel);
        Assert.False(answer.Exists);
    }
}
