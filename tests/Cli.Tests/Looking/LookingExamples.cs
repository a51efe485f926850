using Orchestrator.Contracts.Instances;

namespace Orchestrator.Cli.Tests.Looking;

public sealed class LookingExamples : IDisposable
{
    private readonly Orc orc = new();

    public void Dispose() => orc.Dispose();

    [Fact]
    public async Task Lines_name_their_instance_and_a_slot_is_heard_whichever_instance_is_in_it()
    {
        var lines = string.Concat(
            Line("web-1-r1-a1", "stdout", "one"), Line("web-2-r1-a1", "stderr", "two"), Line("web-2-r1-a2", "stdout", "three"),
            Line("", "note", "worker-b is away"));
        orc.Api.On("GET /services/web/logs", _ => PlayedApi.Json(lines, type: "application/x-ndjson"));
        Assert.Equal(
            "web-1-r1-a1 | one\nweb-2-r1-a1 | two\nweb-2-r1-a2 | three\n# worker-b is away\n", (await orc.Run("logs", "web")).Out);
        Assert.Equal("web-2-r1-a1 | two\nweb-2-r1-a2 | three\n# worker-b is away\n", (await orc.Run("logs", "web/2")).Out);
        Assert.Equal("one\ntwo\nthree\nworker-b is away\n", (await orc.Run("logs", "web", "-o", "name")).Out);
        await orc.Run("logs", "web", "-f", "--tail", "5", "--since", "5m", "--stream", "stderr");
        Assert.Equal("GET /services/web/logs?follow=true&tail=5&since=5m&stream=stderr", orc.Api.Asked.Last());
    }

    [Theory]
    [InlineData("web/0")]
    [InlineData("web/x")]
    public async Task A_slot_that_is_none_is_said(string of)
    {
        var ran = await orc.Run("logs", of);
        Assert.Equal((2, $"orc: '{of}' names no slot\n→ slots are numbered from 1: web/2\n"), (ran.Code, ran.Error));
    }

    [Fact]
    public async Task A_number_that_is_none_is_a_usage_error() =>
        Assert.Equal((2, "orc: --tail is a number from 0 to 100000, not 'x'"), ((await orc.Run("logs", "web", "--tail", "x")) is var ran
            ? (ran.Code, ran.Error.Split('\n')[0]) : default));

    [Fact]
    public async Task An_instance_is_meant_by_its_slot()
    {
        orc.Api.On("GET /services/web", Things.Web(2, 2) with
        {
            Instances = [Things.Instance(1), Things.Instance(2, Phase.Stopping), Things.Instance(2, revision: 2)],
        }).On("GET /instances/web-2-r2-a1/top", """{"titles":["PID","CMD"],"processes":[["1","serve"]]}""");
        Assert.Equal("PID   CMD\n1     serve\n", (await orc.Run("top", "web/2")).Out);
        var ran = await orc.Run("top", "web");
        Assert.Equal((2, "orc: web has 2 instances\n→ say which: web/1, web/2\n"), (ran.Code, ran.Error));
        Assert.Equal(3, (await orc.Run("top", "web/9")).Code);
    }

    [Fact]
    public async Task A_terminal_is_given_only_where_there_is_one()
    {
        var ran = await orc.Run("exec", "-it", "web-1-r1-a1", "ls", "-l", "--anything");
        Assert.Equal((2, "orc: -t needs a terminal here"), (ran.Code, ran.Error.Split('\n')[0]));
    }

    [Fact]
    public async Task Events_that_are_kept_are_told_and_end()
    {
        orc.Api.On("GET /events", _ => PlayedApi.Json(Event(1, "created") + Event(2, "changed"), type: "text/event-stream"));
        var ran = await orc.Run("events");
        Assert.Matches("service   created\n.*service   changed\n$", ran.Out);
        Assert.Equal(["GET /events?follow=false"], orc.Api.Asked);
        Assert.Equal("x-2\n", (await orc.Run("events", "--tail", "1", "-o", "name")).Out);
        Assert.Equal("x-1\nx-2\n", (await orc.Run("events", "--all", "-o", "name")).Out);
    }

    [Fact]
    public async Task Stats_are_told_with_those_that_are_missing()
    {
        orc.Api.On("GET /services/web/stats", """
            {"name":"web","cpu":0.5,"memory":1048576,"instances":[{"instance":"web-1-r1-a1","worker":"worker-a","at":"2026-11-27T12:00:00Z","cpu":0.5,
             "memory":1048576,"memoryLimit":2097152,"networkReceived":1024,"networkSent":0,"blockRead":0,"blockWritten":0,"processes":2}],"missing":["worker-b: no answer"]}
            """);
        var ran = await orc.Run("stats", "web");
        Assert.Contains("web-1-r1-a1   worker-a   0.5 cores   1 MiB of 2 MiB   1 KiB / 0 B", ran.Out, StringComparison.Ordinal);
        Assert.Equal("# worker-b: no answer\n", ran.Error);
    }

    private static string Event(int number, string what) =>
        $"id: x-{number}\nevent: service\ndata: "
        + $$"""{"at":"2026-11-26T18:00:00+00:00","kind":"service","what":"{{what}}"}""" + "\n\n";

    private static string Line(string instance, string stream, string line) =>
        $$"""{"instance":"{{instance}}","stream":"{{stream}}","time":"2026-11-27T12:00:00.000000000Z","line":"{{line}}"}""" + "\n";
}
