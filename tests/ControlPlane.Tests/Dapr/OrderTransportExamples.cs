using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Dapr;

/// <summary>Orders on the wire, and what becomes of answers that are none.</summary>
public sealed class OrderTransportExamples : IDisposable
{
    private const string Accepted = """{"reason":"","knownEpoch":0,"accepted":true}""";

    private readonly FakeTimeProvider clock = new();
    private readonly Wire wire = new();
    private readonly OrderTransport transport;

    public OrderTransportExamples() => transport = new OrderTransport(new HttpClient(wire), clock);

    public void Dispose()
    {
        transport.Dispose();
        wire.Dispose();
    }

    [Fact]
    public async Task Each_order_goes_to_its_method_of_the_worker_with_all_the_worker_needs_to_know()
    {
        var run = new RunInstance
        {
            Service = "web", Instance = "web-1-r1-a1", Epoch = 3, Reason = "slot 1 is empty",
            Container = new() { Image = "web:1", Ports = [new(80)] },
        };
        var stop = new StopInstance { Service = "web", Instance = "web-1-r1-a1", Epoch = 3, Delay = TimeSpan.FromSeconds(2) };
        await Ask(run);
        await Ask(stop);
        await Ask(Forget);
        await Ask(new PrepareInstance
        {
            Service = "web", Instance = "web-1-r2-a1", Epoch = 3, Container = run.Container, Replaces = "web-1-r1-a1",
        });
        Assert.Equal(
            ["POST http://worker-a/instances/run", "POST http://worker-a/instances/stop", "POST http://worker-a/instances/forget",
                "POST http://worker-a/instances/prepare"],
            wire.Seen);
        Assert.Equal(
            [run, stop, Forget],
            new Order?[] { Read<RunInstance>(wire.Bodies[0]), Read<StopInstance>(wire.Bodies[1]), Read<ForgetInstance>(wire.Bodies[2]) });
        Assert.Equal("""{"withdrawn":false,"service":"web","instance":"web-1-r1-a1","epoch":3,"reason":""}""", wire.Bodies[2]);
    }

    [Fact]
    public async Task A_refusal_is_an_answer()
    {
        wire.Answer = () => Wire.Json("""{"refusal":"stale-epoch","reason":"epoch 3 is below 7","knownEpoch":7,"accepted":false}""");
        var answer = await Ask();
        Assert.Equal((false, Refusal.StaleEpoch, 7), (answer.Accepted, answer.Refusal, answer.KnownEpoch));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"refusal":"a-word-nobody-knows"}""")]
    public async Task What_cannot_be_read_is_no_answer(string body)
    {
        wire.Answer = () => Wire.Json(body);
        await NoAnswer();
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task Neither_is_what_tells_of_an_error(HttpStatusCode status)
    {
        wire.Answer = () => Wire.Json(Accepted, status);
        await NoAnswer();
    }

    [Fact]
    public async Task A_worker_that_cannot_be_reached_gives_no_answer()
    {
        wire.Answer = () => throw new HttpRequestException("connection refused");
        Assert.Equal("worker-a does not answer at present: connection refused", (await NoAnswer()).Message);
    }

    [Fact]
    public async Task A_worker_that_hangs_is_given_up_after_3_seconds()
    {
        wire.Answer = () => new TaskCompletionSource<HttpResponseMessage>().Task;
        var asking = Ask();
        Assert.Equal(3, (await clock.PassUntil(asking)).TotalSeconds, 0.2);
        var e = await Assert.ThrowsAsync<NoAnswerException>(() => asking);
        Assert.Equal("worker-a does not answer at present: no answer within 3 s", e.Message);
    }

    [Fact]
    public async Task Who_asked_may_give_up_earlier()
    {
        wire.Answer = () => new TaskCompletionSource<HttpResponseMessage>().Task;
        using var cancel = new CancellationTokenSource();
        var asking = transport.Ask("worker-a", Forget, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private static ForgetInstance Forget => new() { Service = "web", Instance = "web-1-r1-a1", Epoch = 3 };

    private static T? Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ContractsJson.Options);

    private Task<OrderAnswer> Ask(Order? order = null) => transport.Ask("worker-a", order ?? Forget, TestContext.Current.CancellationToken);

    private Task<NoAnswerException> NoAnswer() => Assert.ThrowsAsync<NoAnswerException>(() => Ask());

    private sealed class Wire : HttpMessageHandler
    {
        public List<string> Seen { get; } = [];

        public List<string> Bodies { get; } = [];

        public Func<Task<HttpResponseMessage>> Answer { get; set; } = () => Json(Accepted);

        public static Task<HttpResponseMessage> Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
            Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen.Add($"{request.Method} {request.RequestUri}");
            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            return await Answer().WaitAsync(cancellationToken);
        }
    }
}
