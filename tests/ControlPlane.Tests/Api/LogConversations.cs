using Orchestrator.Contracts.Logs;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>What instances write, as a user asks for it at a master.</summary>
public sealed class LogConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();
    private readonly FakeLogs logs;

    /// <summary>Who has the first instance, and who the second.</summary>
    private string first = "", second = "";

    public LogConversations() => logs = new(api.Lines);

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Lines_of_all_workers_are_told_by_time_and_name_their_instance()
    {
        await TwoInstances();
        Assert.Equal("web-1-r1-a1 | one\nweb-2-r1-a1 | two\nweb-1-r1-a1 | three\n", await Text("/services/web/logs"));
        Assert.Equal("one\nthree\n", await Text("/instances/web-1-r1-a1/logs"));
        Assert.Equal(
            $"{FakeLogs.At(3)} web-1-r1-a1 | three\n",
            await Text("/services/web/logs?tail=1&instance=web-1-r1-a1&timestamps=true"));
        Assert.Equal("web-2-r1-a1 | two\n", await Text("/services/web/logs?stream=stderr"));
        Assert.Equal("web-1-r1-a1 | three\n", await Text($"/services/web/logs?since={FakeLogs.At(3)}"));
        Assert.Equal("", await Text("/services/web/logs?tail=0"));
    }

    [Fact]
    public async Task Programs_are_told_them_as_JSON_line_by_line()
    {
        await TwoInstances();
        var answer = await api.Ask("GET /services/web/logs", headers: ("Accept", "application/x-ndjson"));
        Assert.Equal("application/x-ndjson", answer.Type);
        Assert.Equal(
            [
                """{"instance":"web-1-r1-a1","stream":"stdout","time":"2026-01-01T12:00:01.000000000Z","line":"one"}""",
                """{"instance":"web-2-r1-a1","stream":"stderr","time":"2026-01-01T12:00:02.000000000Z","line":"two"}""",
                """{"instance":"web-1-r1-a1","stream":"stdout","time":"2026-01-01T12:00:03.000000000Z","line":"three"}""",
            ],
            answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_is_gone_on_with_where_it_ended()
    {
        await TwoInstances();
        logs.CutAfter = 1;
        var asking = api.Ask("GET /services/web/logs");
        await api.Clock.PassUntil(asking, TimeSpan.FromMilliseconds(500));
        Assert.Equal("web-1-r1-a1 | one\nweb-2-r1-a1 | two\nweb-1-r1-a1 | three\n", (await asking).Text);
    }

    [Fact]
    public async Task A_worker_that_does_not_answer_is_named_and_the_others_lines_are_told()
    {
        await TwoInstances();
        logs.Silent.Add(second);
        var asking = api.Ask("GET /services/web/logs");
        await api.Clock.PassUntil(asking, TimeSpan.FromMilliseconds(500));
        Assert.Equal(
            "web-1-r1-a1 | one\nweb-1-r1-a1 | three\n"
            + $"# {second} does not answer at present: the connection broke: what its instances have written is missing here\n",
            (await asking).Text);
    }

    [Fact]
    public async Task Who_follows_is_told_what_comes_on_whatever_worker_and_over_a_cut()
    {
        await TwoInstances();
        using var http = api.CreateClient();
        await using var lines = await http.GetStreamAsync(new Uri("/services/web/logs?follow=true&tail=1", UriKind.Relative), Cancel);
        using var reader = new StreamReader(lines);
        Assert.Equal("web-2-r1-a1 | two", await Next(reader));
        Assert.Equal("web-1-r1-a1 | three", await Next(reader));
        await Listening(2);
        logs.Write(first, "web-1-r1-a1", 4, "four");
        Assert.Equal("web-1-r1-a1 | four", await Next(reader));

        logs.Silent.Add(first);
        logs.Write(first, "web-1-r1-a1", 5, "five");
        Assert.StartsWith($"# {first} does not answer", await Next(reader), StringComparison.Ordinal);
        logs.Silent.Clear();
        Assert.Equal("web-1-r1-a1 | five", await Next(reader));

        // An instance on a worker that was not there.
        await api.Renew("c");
        await api.Ask("PUT /services/web", """{"instances":3}""");
        await api.CarryOut();
        logs.Write("c", "web-3-r1-a1", 6, "six");
        Assert.Equal("web-3-r1-a1 | six", await Next(reader));
        reader.Dispose();
        await Listening(0);
    }

    [Fact]
    public async Task What_has_ended_and_is_decided_of_no_more_is_found_where_it_is_kept()
    {
        await TwoInstances();
        logs.Write("b", "web-1-r1-a7", 1, "why I ended");
        Assert.Equal("why I ended\n", await Text("/instances/web-1-r1-a7/logs"));
    }

    [Theory]
    [InlineData("/services/nobody/logs", "404 there is no service 'nobody'")]
    [InlineData("/services/nobody/logs?follow=true", "404 there is no service 'nobody'")]
    [InlineData("/instances/web-9-r1-a1/logs",
        "404 no service and no worker knows an instance 'web-9-r1-a1': it never was, or is no longer kept")]
    [InlineData("/instances/web/logs", "400 id: is not the name of an instance, such as web-1-r1-a1")]
    [InlineData("/services/web/logs?instance=api-1-r1-a1",
        "400 instance: is not the name of an instance of web, such as web-1-r1-a1")]
    [InlineData("/services/web/logs?stream=both", "400 stream: is stdout or stderr")]
    [InlineData("/services/web/logs?tail=-1", "400 tail: must be 0 to 100000")]
    [InlineData("/services/web/logs?since=noon",
        "400 since: is a time such as 2026-01-01T12:00:00.000000001Z, or how long ago, such as 10m")]
    public async Task What_is_not_there_or_cannot_be_is_said_before_anything_is_told(string path, string words)
    {
        await TwoInstances();
        Assert.Equal(words, (await api.Ask($"GET {path}")).Words);
    }

    [Fact]
    public async Task The_form_is_one_that_the_caller_accepts()
    {
        await TwoInstances();
        Assert.Equal(
            "406 lines are told as text/plain or application/x-ndjson; Accept allows neither",
            (await api.Ask("GET /services/web/logs", headers: ("Accept", "image/png"))).Words);
        Assert.Equal("application/x-ndjson", (await Form("application/x-ndjson, text/plain;q=0.5")).Type);
        Assert.Equal("text/plain", (await Form("text/html, */*;q=0.1")).Type);
        var head = await api.Ask("HEAD /services/web/logs?follow=true");
        Assert.Equal((200, "text/plain", ""), (head.Status, head.Type, head.Text));
        Assert.Equal(405, (await api.Ask("POST /services/web/logs")).Status);
    }

    private Task<Answer> Form(string accept) => api.Ask("GET /services/web/logs", headers: ("Accept", accept));

    private async Task TwoInstances()
    {
        await api.Renew("a");
        await api.Renew("b");
        await api.Ask("POST /services/web", """{"image":"web:1","instances":2}""");
        await api.CarryOut();
        var instances = (await api.Ask("GET /services/web"))["instances"];
        (first, second) = ($"{instances[0]!["worker"]}", $"{instances[1]!["worker"]}");
        logs.Write(first, "web-1-r1-a1", 1, "one");
        logs.Write(second, "web-2-r1-a1", 2, "two", LogStream.Stderr);
        logs.Write(first, "web-1-r1-a1", 3, "three");
    }

    private async Task<string> Text(string path)
    {
        var answer = await api.Ask($"GET {path}");
        Assert.Equal((200, "text/plain"), (answer.Status, answer.Type));
        return answer.Text;
    }

    private async Task<string?> Next(StreamReader reader)
    {
        var line = reader.ReadLineAsync(Cancel).AsTask();
        await api.Clock.PassUntil(line, TimeSpan.FromMilliseconds(250));
        return await line;
    }

    private Task<int> Listening(int count) => Eventually.Become(
        () => { api.Clock.Advance(TimeSpan.FromMilliseconds(250)); return logs.Listening; }, it => it == count, TimeSpan.FromSeconds(10),
        $"{count} listen", Cancel);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
