using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Looking;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>Looking at one instance, and at what instances use.</summary>
public sealed class InstanceConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task An_instance_is_what_was_asked_for_and_what_its_worker_and_its_engine_say()
    {
        await Service();
        Answers(WorkerMethods.Inspect, new InstanceSeen(
            new() { Instance = "web-1-r1-a1", Phase = Phase.Running },
            new() { Id = "abc", Name = "web-1-r1-a1", Image = "web:1", ImageId = "sha256:1", State = "running" }, Kept: false, []));
        var seen = await api.Ask("GET /instances/web-1-r1-a1");
        Assert.Equal(
            (200, "web", "a", "web:1", "running", "running", "0"),
            (seen.Status, $"{seen["service"]}", $"{seen["worker"]}", $"{seen["asked"]["image"]}", $"{seen["instance"]["phase"]}",
                $"{seen["container"]["state"]}", $"{seen["restarts"]}"));
    }

    [Fact]
    public async Task One_that_failed_tells_its_cause_and_its_last_lines()
    {
        await Service();
        Answers(WorkerMethods.Logs, new LogNews { Containers = 1 });
        Answers(WorkerMethods.Inspect, new InstanceSeen(
            null, new()
            {
                Id = "abc", Name = "web-1-r1-a3.ended", Image = "web:1", ImageId = "sha256:1", State = "exited", ExitCode = 3,
            },
            Kept: true,
            [new() { Instance = "web-1-r1-a3", Stream = LogStream.Stderr, Time = FakeLogs.At(1), Line = "no database" }]));
        var seen = await api.Ask("GET /instances/web-1-r1-a3");
        Assert.Equal((200, "true", "2", "3"), (seen.Status, $"{seen["kept"]}", $"{seen["restarts"]}", $"{seen["container"]["exitCode"]}"));
        Assert.Equal(["stderr no database"], seen.Each("lastLines", "stream", "line"));
    }

    [Fact]
    public async Task A_worker_that_does_not_answer_costs_its_part_alone()
    {
        await Service();
        var seen = await api.Ask("GET /instances/web-1-r1-a1");
        Assert.Equal(
            (200, "a does not answer at present: it is not there", "running"),
            (seen.Status, $"{seen["note"]}", $"{seen["instance"]["phase"]}"));
    }

    [Fact]
    public async Task What_instances_use_is_told_once_or_again_and_again()
    {
        await Service();
        Answers(WorkerMethods.Stats, Use("web-1-r1-a1", 0.25), Use("web-2-r1-a1", 0.5));
        var once = await api.Ask("GET /services/web/stats");
        Assert.Equal((200, "0.75", "200"), (once.Status, $"{once["cpu"]}", $"{once["memory"]}"));
        Assert.Equal(["web-1-r1-a1 0.25", "web-2-r1-a1 0.5"], once.Each("instances", "instance", "cpu"));
        Assert.Equal("0.25", $"{(await api.Ask("GET /instances/web-1-r1-a1/stats"))["cpu"]}");

        using var http = api.CreateClient();
        foreach (var (accept, begin) in new[] { ("application/x-ndjson", "{\"instance\":\"web-1"), ("text/event-stream", "event: stats") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/services/web/stats?follow=true", UriKind.Relative));
            request.Headers.Add("Accept", accept);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
            Assert.Equal(accept, answer.Content.Headers.ContentType?.MediaType);
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancel));
            Assert.StartsWith(begin, await reader.ReadLineAsync(Cancel), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Processes_are_those_of_one_that_runs()
    {
        await Service();
        Answers(WorkerMethods.Top, new ProcessTable(["PID", "CMD"], [["1", "sh"]]));
        var top = await api.Ask("GET /instances/web-1-r1-a1/top");
        Assert.Equal("""{"titles":["PID","CMD"],"processes":[["1","sh"]]}""", top.Json!.ToJsonString());
        api.Lines.Answers[WorkerMethods.Top] = (_, _, _) => throw new WorkerRefusedException(409, "web-1-r1-a1 does not run");
        Assert.Equal("409 web-1-r1-a1 does not run", (await api.Ask("GET /instances/web-1-r1-a1/top")).Words);
    }

    [Theory]
    [InlineData("/instances/web-9-r1-a1")]
    [InlineData("/instances/web-9-r1-a1/stats")]
    [InlineData("/instances/web-9-r1-a1/top")]
    [InlineData("/services/nobody/stats")]
    [InlineData("/services/nobody/stats?follow=true")]
    public async Task What_nobody_knows_is_said_to_be_so(string path)
    {
        await Service();
        Assert.Equal(404, (await api.Ask($"GET {path}")).Status);
        Assert.Equal(404, (await api.Ask($"HEAD {path}")).Status);
        Assert.Equal(405, (await api.Ask($"PUT {path.Split('?')[0]}")).Status);
    }

    private static InstanceStats Use(string instance, double cpu) => new()
    {
        Instance = instance, Worker = "a", At = DateTimeOffset.UnixEpoch, Cpu = cpu, Memory = 100, MemoryLimit = 1000, NetworkReceived = 1,
        NetworkSent = 2, BlockRead = 3, BlockWritten = 4, Processes = 1,
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task Service()
    {
        await api.Renew("a");
        await api.Ask("POST /services/web", """{"image":"web:1","instances":2}""");
        await api.CarryOut();
    }

    private void Answers(string method, params object[] lines) =>
        api.Lines.Answers[method] = (_, _, _) => lines.ToAsyncEnumerable();
}
