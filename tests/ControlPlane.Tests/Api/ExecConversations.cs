using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Door;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>Somebody talks to a program in an instance, through a master.</summary>
public sealed class ExecConversations : IAsyncDisposable
{
    private readonly TokenFile tokens = new("ann operator the-secret-of-ann-12345", "dan deployer the-secret-of-dan-12345");
    private readonly string log = Path.Combine(Path.GetTempPath(), $"audit-{Guid.NewGuid():N}");
    private readonly ControlPlaneOverHttp api;
    private readonly FakeExec exec;

    public ExecConversations()
    {
        api = new(("API_TOKENS", tokens.Path), ("AUDIT_LOG", log));
        exec = new(api.Lines);
    }

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        tokens.Dispose();
        File.Delete(log);
    }

    [Fact]
    public async Task What_is_typed_comes_back_and_the_exit_code_is_told()
    {
        await Service();
        using var socket = await Connect("command=sh%20-i&terminal=true&columns=100&rows=30&user=app");
        await Type(socket, "hello");
        Assert.Equal("1 hello", await Shown(socket));
        await Type(socket, "!wrong");
        Assert.Equal("2 !wrong", await Shown(socket));
        await Say(socket, """{"resize":{"columns":132,"rows":43}}""");
        await Type(socket, "exit 7");
        Assert.Equal("""{"exitCode":7}""", await Shown(socket));
        Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(new byte[9], Cancel)).MessageType);
        await PassingTime.Until(() => exec.Done.Last(), it => it == "end", "the session is ended");
        Assert.Equal(["start sh -i in web-1-r1-a1 100x30 app", "resize 132x43", "end"], exec.Done);
    }

    [Fact]
    public async Task What_is_lost_on_the_way_is_neither_lost_nor_typed_twice()
    {
        await Service();
        exec.IsCutOff = true;
        using var socket = await Connect("command=sh");
        foreach (var word in new[] { "a", "b", "c" })
        {
            exec.LostAnswers = 2;
            await Type(socket, word);
            var shown = Shown(socket);
            await api.Clock.PassUntil(shown, TimeSpan.FromMilliseconds(500));
            Assert.Equal($"1 {word}", await shown);
            await api.Clock.PassUntil(TimeSpan.FromMilliseconds(500), () => exec.LostAnswers, it => it < 0, "it is acknowledged");
        }
    }

    [Fact]
    public async Task Who_leaves_ends_the_program()
    {
        await Service();
        using (var socket = await Connect("command=sh"))
        {
            await Type(socket, "hello");
            await Shown(socket);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancel);
        }

        await PassingTime.Until(() => exec.Done.Last(), it => it == "end", "the session is ended");
    }

    [Fact]
    public async Task What_cannot_be_said_is_answered_with_why()
    {
        await Service();
        foreach (var (words, why) in new[]
        {
            ("nonsense", """a text message is {"resize":{"columns":80,"rows":24}} or {"endOfInput":true}"""),
            ("""{"resize":{"columns":0,"rows":24}}""", "columns and rows are 1 to 1000"),
        })
        {
            using var socket = await Connect("command=sh");
            await Say(socket, words);
            Assert.Equal(why, $"{JsonNode.Parse(await Shown(socket))!["trouble"]}");
        }
    }

    [Fact]
    public async Task A_program_is_run_to_its_end_with_its_input()
    {
        await Service();
        var answer = await Ask("POST /instances/web-1-r1-a1/exec", """{"command":["cat","x"],"input":"hello"}""");
        Assert.Equal(
            (200, """{"exitCode":0,"output":"hello","error":"","truncated":false}"""), (answer.Status, answer.Json!.ToJsonString()));
        Assert.Equal(["start cat x in web-1-r1-a1", "end"], exec.Done);
    }

    [Theory]
    [InlineData("GET /instances/web-1-r1-a1/exec?command=sh", null,
        "400 this is a WebSocket: ask with Upgrade: websocket; POST runs a program to its end")]
    [InlineData("GET /instances/web-1-r1-a1/exec", null,
        """400 command: is a program with its arguments, such as sh, or ["sh","-c","echo hello"]""")]
    [InlineData("POST /instances/web-1-r1-a1/exec", "{}", "400 command: is ")]
    [InlineData("POST /instances/web-1-r1-a1/exec", """{"command":[]}""",
        "400 command: is a program with its arguments, at most 100 texts")]
    [InlineData("POST /instances/web/exec", """{"command":["sh"]}""", "400 id: is not the name of an instance, such as web-1-r1-a1")]
    public async Task What_is_wrong_is_named(string request, string? body, string words)
    {
        await Service();
        Assert.StartsWith(words, (await Ask(request, body)).Words, StringComparison.Ordinal);
        Assert.Empty(exec.Done);
    }

    [Fact]
    public async Task A_worker_that_does_not_allow_it_says_which_setting_would()
    {
        await Service();
        api.Lines.Answers[WorkerMethods.ExecStart] = (_, _, _) =>
            throw new WorkerRefusedException(403, "this worker runs nothing in instances: ALLOW_EXEC is not set");
        Assert.Equal(
            "403 this worker runs nothing in instances: ALLOW_EXEC is not set",
            (await Ask("POST /instances/web-1-r1-a1/exec", """{"command":["sh"]}""")).Words);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Connect("command=sh"));
    }

    [Fact]
    public async Task It_is_for_operators_and_each_leaves_a_line_before_and_after()
    {
        await Service();
        Assert.Equal(403, (await Ask("POST /instances/web-1-r1-a1/exec", """{"command":["sh"]}""", "dan")).Status);
        using (var socket = await Connect("command=sh%20-i"))
        {
            await Type(socket, "exit 0");
            await Shown(socket);
        }

        var lines = await PassingTime.Until(
            () => File.ReadAllLines(log), it => it.Count(line => line.Contains("exec", StringComparison.Ordinal)) == 4, "all is written");
        Assert.Equal(
            [
                "dan POST /instances/web-1-r1-a1/exec ", "dan POST /instances/web-1-r1-a1/exec 403",
                "ann GET /instances/web-1-r1-a1/exec sh -i ", "ann GET /instances/web-1-r1-a1/exec sh -i 101",
            ],
            lines.Select(line => JsonNode.Parse(line)!).Where(it => $"{it["what"]}".Contains("exec", StringComparison.Ordinal))
                .Select(it => $"{it["who"]} {it["what"]} {it["outcome"]}"));
    }

    private Task<Answer> Ask(string request, string? body = null, string who = "ann") =>
        api.Ask(request, body, ("Authorization", $"Bearer the-secret-of-{who}-12345"));

    private async Task Service()
    {
        await api.Renew("a");
        await Ask("POST /services/web", """{"image":"web:1"}""");
        await api.CarryOut();
    }

    private Task<WebSocket> Connect(string query)
    {
        var client = api.Server.CreateWebSocketClient();
        client.ConfigureRequest = it => it.Headers.Authorization = "Bearer the-secret-of-ann-12345";
        return client.ConnectAsync(new Uri($"ws://localhost/instances/web-1-r1-a1/exec?{query}"), Cancel);
    }

    private static Task Type(WebSocket socket, string text) => socket.SendAsync(
        Encoding.UTF8.GetBytes(text), WebSocketMessageType.Binary, endOfMessage: true, Cancel);

    private static Task Say(WebSocket socket, string text) => socket.SendAsync(
        Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Cancel);

    private static async Task<string> Shown(WebSocket socket)
    {
        var buffer = new byte[4096];
        var read = await socket.ReceiveAsync(buffer, Cancel);
        return read.MessageType == WebSocketMessageType.Binary ? $"{buffer[0]} {Encoding.UTF8.GetString(buffer, 1, read.Count - 1)}"
            : Encoding.UTF8.GetString(buffer, 0, read.Count);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
