using System.Text;
using System.Threading.Channels;
using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;
using Dapr.Client;

namespace Conformance.Invocation;

/// <summary>One application calls another by its app id.</summary>
public sealed class InvocationTests(DaprWorld world)
{
    private readonly string _name = Unique.Name("invoke");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
    private string B(string path) => $"/v1.0/invoke/{world.B.AppId}/method/{path}";

    [Theory, InlineData("GET"), InlineData("POST"), InlineData("PUT"), InlineData("DELETE"), InlineData("PATCH"), InlineData("OPTIONS"),
        InlineData("HEAD")]
    [Holds("2.7", "Every verb, path and query reaches the application")]
    public async Task Every_verb_path_and_query_arrive(string verb)
    {
        var body = verb is "POST" or "PUT" or "PATCH" ? """{"a":1}""" : null;
        var answer = await world.A1.Send(new HttpMethod(verb), B($"deep/{_name}/x%20y?q=1&r=a%26b"), body);
        Assert.Equal(200, answer.Status);
        Assert.Equal($"{verb} /deep/{_name}/x y?q=1&r=a%26b {body}", Assert.Single(Script.Calls(_name)).ToString());
    }

    [Theory, InlineData(201), InlineData(204), InlineData(302), InlineData(400), InlineData(404), InlineData(418), InlineData(500),
        InlineData(503)]
    [Holds("2.7", "Status, headers and body of the application come back verbatim, errors too")]
    public async Task The_answer_comes_back_verbatim(int status)
    {
        Script.For(_name, new Reply(status, status == 204 ? "" : "<b>", "text/mine", ("x-own", "yes"), ("Location", "/elsewhere")));
        using var keep = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = world.A1.Http.BaseAddress };
        using var request = Replica.Request(HttpMethod.Get, B(_name));
        foreach (var header in world.A1.Http.DefaultRequestHeaders) request.Headers.TryAddWithoutValidation(header.Key, header.Value);
        using var response = await keep.SendAsync(request, Cancel);
        var answer = await Answer.Of(response);
        Assert.Equal((status, status == 204 ? "" : "<b>", "yes"), (answer.Status, answer.Body, answer.Headers["x-own"]));
        Assert.Single(Script.Calls(_name));
    }

    [Fact, Holds("2.7", "Request headers are forwarded; dapr-caller-app-id and dapr-callee-app-id are added on the hop to another app id")]
    public async Task Headers_are_forwarded_and_the_caller_is_named()
    {
        await world.A1.Send(HttpMethod.Get, B(_name), null, ("x-mine", "1,2"),
            ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        var call = Assert.Single(Script.Calls(_name));
        Assert.Equal("1,2", call.Header("x-mine"));
        Assert.Equal(("conformance-a", "conformance-b"), (call.Header("dapr-caller-app-id"), call.Header("dapr-callee-app-id")));
        Assert.StartsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-", call.Header("traceparent"), StringComparison.Ordinal);
    }

    [Fact, Holds("2.7", "A call to the own app id stays beside the application and gets no caller headers")]
    [Holds("10.18", "The own app id is invoked locally")]
    public async Task The_own_app_id_is_called_locally()
    {
        foreach (var replica in new[] { world.A1, world.A2 })
            Assert.Equal($"200 {replica.Name}", (await replica.Send(HttpMethod.Get, "/v1.0/invoke/conformance-a/method/who")).ToString());
        await world.B.Send(HttpMethod.Get, B(_name));
        Assert.Null(Assert.Single(Script.Calls(_name)).Header("dapr-caller-app-id"));
    }

    [Fact, Holds("3.8", "Any path with the header dapr-app-id is an invocation; the header is not forwarded")]
    public async Task The_dapr_app_id_header_is_an_invocation()
    {
        var answer = await world.A1.Send(HttpMethod.Post, $"/any/{_name}?x=1", "{}", ("dapr-app-id", world.B.AppId));
        Assert.Equal(200, answer.Status);
        var call = Assert.Single(Script.Calls(_name));
        Assert.Equal($"POST /any/{_name}?x=1 {{}}", call.ToString());
        Assert.Null(call.Header("dapr-app-id"));
    }

    [Fact, Holds("3.8", "An unknown app id is 500 ERR_DIRECT_INVOKE")]
    public async Task An_unknown_app_id_is_refused()
    {
        var answer = await world.A1.Send(HttpMethod.Get, "/v1.0/invoke/nobody-here/method/x");
        Assert.Equal("500 ERR_DIRECT_INVOKE", answer.Refusal);
    }

    [Fact, Holds("2.7", "A request body is streamed: its first piece arrives while the last is not yet sent")]
    public async Task A_request_body_is_streamed()
    {
        var pieces = Channel.CreateUnbounded<string>();
        using var request = new HttpRequestMessage(HttpMethod.Post, B($"stream/{_name}")) { Content = new Pieces(pieces.Reader) };
        request.Headers.TransferEncodingChunked = true;
        var sent = world.A1.Http.SendAsync(request, Cancel);
        await pieces.Writer.WriteAsync("one", Cancel);
        await Journal.Has(_name, "one");
        await pieces.Writer.WriteAsync("two", Cancel);
        await Journal.Has(_name, "two");
        pieces.Writer.Complete();
        using var response = await sent;
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact, Holds("2.7", "A response body is streamed: its first piece arrives while the last is not yet written")]
    public async Task A_response_body_is_streamed()
    {
        using var response = await world.A1.Http.GetAsync(B($"stream/{_name}"), HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var body = await response.Content.ReadAsStreamAsync(Cancel);
        var piece = new byte[3];
        await body.ReadExactlyAsync(piece, Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Cancel);
        Journal.Note(_name, "go on");
        Assert.Equal("onetwo", Encoding.UTF8.GetString(piece) + await new StreamReader(body).ReadToEndAsync(Cancel));
    }

    [Fact, Holds("4.2", "The SDK's invocation client reaches the application")]
    public async Task The_sdk_invocation_client_works()
    {
        Script.For(_name, call => new Reply(Body: $$"""{"id":"{{call.Verb}}","text":"{{call.Query}}"}"""));
        using var http = DaprClient.CreateInvokeHttpClient(
            world.B.AppId, $"http://127.0.0.1:{world.A1.Address.HttpPort}", Environment.GetEnvironmentVariable("DAPR_API_TOKEN"));
        Assert.Equal("""{"id":"GET","text":"?a=b"}""", await http.GetStringAsync($"/{_name}?a=b", Cancel));
        var note = await world.A1.Dapr.InvokeMethodAsync<Note, Note>(HttpMethod.Put, world.B.AppId, _name, new Note("1", "x"), Cancel);
        Assert.Equal(new Note("PUT", ""), note);
    }

    [Fact, Holds("4.2", "A client can reach every replica's own application through its own sidecar")]
    public async Task Another_app_id_reaches_one_of_the_replicas()
    {
        var who = await world.B.Send(HttpMethod.Get, "/v1.0/invoke/conformance-a/method/who");
        Assert.Contains(who.ToString(), new[] { "200 a1", "200 a2" });
    }

    /// <summary>A body that is sent piece by piece.</summary>
    private sealed class Pieces(ChannelReader<string> pieces) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await foreach (var piece in pieces.ReadAllAsync())
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(piece));
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
