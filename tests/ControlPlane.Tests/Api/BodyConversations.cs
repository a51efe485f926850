using System.Text;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>What is wrong with a body is told by field and reason; it is never a mistake of ours.</summary>
public sealed class BodyConversations : IAsyncDisposable
{
    private const string NoObject = "the body must be a JSON object";
    private const string Invalid = "the body is not valid JSON:";

    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("", NoObject)]
    [InlineData("[]", NoObject)]
    [InlineData("null", NoObject)]
    [InlineData("\"web:1\"", NoObject)]
    [InlineData("{", $"{Invalid} line 1, position 2")]
    [InlineData("{\n  \"image\": web:1\n}", $"{Invalid} line 2, position 12")]
    [InlineData("""{"image":"web:1","image":"web:2"}""", "image: is there twice")]
    [InlineData("""{"image":"web:1","env":{"A":"1","A":"2"}}""", "A: is there twice")]
    [InlineData("""{"image":"\ud800"}""", $"{Invalid} a text holds half of a surrogate pair")]
    [InlineData("""{"image":"web:1","env":{"\ud800":"1"}}""", $"{Invalid} a text holds half of a surrogate pair")]
    [InlineData("""{"image":"web\u0000:1"}""", "image: holds a NUL character")]
    [InlineData("""{"image":"web:1","command":["a","\u0000"]}""", "command[1]: holds a NUL character")]
    [InlineData("""{"image":"web:1","env":{"A\u0000":"1"}}""", "env: holds a NUL character")]
    [InlineData("""{"image":"web:1","labels":{"a":"\u0000"}}""", "labels.a: holds a NUL character")]
    [InlineData("""{"image":"web:1\n"}""", "image: is not an image reference such as nginx:1.27: '1\n' is not a tag, 1 to 128 letters, "
        + "digits, '_', '.' or '-'")]
    [InlineData("""{"image":"web:1","stopGrace":"1s\n"}""",
        "stopGrace: a duration is text such as \"500ms\", \"10s\" or \"1m30s\"")]
    [InlineData("""{"image":"web:1","stopSignal":"SIGTERM\n"}""",
        "stopSignal: 'SIGTERM\n' is not a signal; signals are SIGTERM, SIGINT, SIGQUIT, SIGUSR1 and the others, or 1 to 64")]
    [InlineData("""{"instances":"3"}""", "instances: is not a whole number")]
    [InlineData("""{"image":"web:1","ports":[{"container":80,"hots":8080}]}""", 
        "ports[0].hots: is not a known field; known are address, container, host, name, protocol")]
    [InlineData("""{"image":"web:1","resources":{"reserve":5}}""", "resources.reserve: is not an object of cpu, memory")]
    [InlineData("""{"image":"web:1","placement":{"preferences":[{"rule":null}]}}""", "placement.preferences[0].rule: is null")]
    [InlineData("""{"image":"web:1","health":{"command":null}}""", "health: says http, tcp, command or none")]
    [InlineData("""{"image":"web:1","volumes":[{"source":null,"target":"/data"}]}""", "volumes[0].source: is null")]
    [InlineData("""{"image":"","instances":-1}""", "image: is required; instances: is -1; allowed are 0 to 5,000")]
    public async Task A_body_that_cannot_be_taken_is_refused_with_its_reason(string body, string reason)
    {
        await api.Ask("POST /services/old", """{"image":"web:1"}""");
        foreach (var request in new[] { "POST /services/web", "PUT /services/old", "POST /service/web", "PUT /service/old" })
        {
            var answer = await api.Ask(request, body);
            Assert.Equal((400, "application/problem+json", reason), (answer.Status, answer.Type, string.Join("; ", answer.Errors)));
            Assert.Equal($"400 {reason}", answer.Words);
        }
    }

    [Fact]
    public async Task A_field_that_is_not_known_is_answered_with_those_that_are()
    {
        var words = (await api.Ask("POST /services/web", """{"imgae":"web:1"}""")).Words;
        Assert.StartsWith("400 imgae: is not a known field; known are attempts, capAdd, capDrop, command,", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_service_needs_an_image() =>
        Assert.Equal("400 image: is required", (await api.Ask("POST /services/web", "{}")).Words);

    [Theory]
    [InlineData("POST /services/old/restart")]
    [InlineData("POST /services/old/pause")]
    [InlineData("DELETE /services/old")]
    [InlineData("POST /workers/a/drain")]
    [InlineData("POST /members/brake/overrule")]
    [InlineData("GET /services/old")]
    public async Task A_body_is_refused_where_none_is_taken_and_nothing_is_done(string request)
    {
        await api.Renew("a");
        await api.Ask("POST /services/old", """{"image":"web:1"}""");
        Assert.Equal("400 no body is taken here", (await api.Ask(request, """{"dryRun":true}""")).Words);
        Assert.Equal("1 false",
            $"{(await api.Ask("GET /services/old"))["revision"]} {(await api.Ask("GET /services/old"))["withdrawing"]}");
        Assert.False((await api.Renew("a")).Draining);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        using var body = new ByteArrayContent([.. """{"image":"web:1","env":{"A":"x"""u8, 0xff, .. "\"}}"u8]);
        body.Headers.ContentType = new("application/json");
        Assert.Equal("400 the body is not valid UTF-8", (await api.Send("POST /services/web", body)).Words);
    }

    [Fact]
    public async Task A_body_may_be_a_mebibyte_long_and_no_longer()
    {
        var longest = """{"image":"web:1"}""".PadRight(1 << 20);
        Assert.Equal(201, (await api.Ask("POST /services/web", longest)).Status);
        Assert.Equal("413 the body is larger than 1048576 bytes", (await api.Ask("POST /services/web", longest + " ")).Words);
    }

    [Fact]
    public async Task A_body_of_untold_length_may_not_be_longer_either()
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"image":"web:1"}""".PadRight((1 << 20) + 1)));
        body.Headers.ContentType = new("application/json");
        body.Headers.ContentLength = null;
        Assert.Equal("413 the body is larger than 1048576 bytes", (await api.Send("POST /services/web", body)).Words);
    }

    [Theory]
    [InlineData("POST /services/web", "text/plain", null)]
    [InlineData("POST /services/web", "application/x-www-form-urlencoded", null)]
    [InlineData("POST /services/web", null, null)]
    [InlineData("POST /services/web", "application/json", "gzip")]
    [InlineData("PUT /services/old", "text/plain", null)]
    [InlineData("POST /services/old/restart", "text/plain", null)]
    [InlineData("POST /workers/a/drain", "text/plain", null)]
    public async Task A_body_of_another_type_is_refused_and_nothing_is_done(string request, string? type, string? encoding)
    {
        await api.Renew("a");
        await api.Ask("POST /services/old", """{"image":"web:1"}""");
        using var body = new ByteArrayContent("""{"image":"web:2"}"""u8.ToArray());
        if (type is not null) body.Headers.ContentType = new(type);
        if (encoding is not null) body.Headers.ContentEncoding.Add(encoding);
        var answer = await api.Send(request, body);
        Assert.Equal("application/problem+json", answer.Type);
        Assert.Equal("415 a body is JSON, with Content-Type: application/json and without Content-Encoding", answer.Words);
        Assert.Equal("1", $"{(await api.Ask("GET /services/old"))["revision"]}");
        Assert.Equal(404, (await api.Ask("GET /services/web")).Status);
        Assert.False((await api.Renew("a")).Draining);
    }

    [Fact]
    public async Task How_many_run_is_not_said_of_a_global_service()
    {
        const string Reason = "400 instances: is not for a global service: it runs one on each eligible worker";
        Assert.Equal(Reason, (await api.Ask("POST /services/web", """{"image":"web:1","mode":"global","instances":3}""")).Words);
        Assert.Equal(201, (await api.Ask("POST /services/web", """{"image":"web:1","mode":"global"}""")).Status);
        Assert.Equal(Reason, (await api.Ask("PUT /services/web", """{"instances":3}""")).Words);
    }

    [Theory]
    [InlineData("""{"revision":"1"}""", "revision: is not a whole number")]
    [InlineData("""{"revison":1}""", "revison: is not a known field; known are revision")]
    public async Task A_rollback_that_cannot_be_read_says_what_of_it(string body, string reason)
    {
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        var answer = await api.Ask("POST /services/web/rollback", body);
        Assert.Equal($"400 {reason}", answer.Words);
    }

    [Theory]
    [InlineData("[]", NoObject)]
    [InlineData("{", $"{Invalid} line 1, position 2")]
    public async Task A_rollback_with_something_else_than_an_object_is_refused(string body, string reason)
    {
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        Assert.Equal($"400 {reason}", (await api.Ask("POST /services/web/rollback", body)).Words);
    }
}
