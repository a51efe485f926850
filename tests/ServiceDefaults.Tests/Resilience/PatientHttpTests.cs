using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.ServiceDefaults.Resilience;

namespace Orchestrator.ServiceDefaults.Tests.Resilience;

public sealed class PatientHttpTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly List<string> sent = [];

    [Fact]
    public async Task A_request_that_got_no_answer_is_sent_again()
    {
        var answer = Send(HttpMethod.Put, () => sent.Count < 3 ? throw new HttpRequestException("refused") : Answer(HttpStatusCode.OK));
        await Pass(answer);
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        Assert.Equal(["PUT x", "PUT x", "PUT x"], sent);
    }

    [Fact]
    public async Task What_may_have_had_its_effect_is_sent_once()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => Send(HttpMethod.Post, () => throw new HttpRequestException("refused")));
        await Assert.ThrowsAsync<HttpRequestException>(() => Send(HttpMethod.Patch, () => throw new HttpRequestException("refused")));
        Assert.Equal(["POST x", "PATCH x"], sent);
    }

    [Fact]
    public async Task A_bad_answer_is_an_answer()
    {
        var answer = await Send(HttpMethod.Get, () => Answer(HttpStatusCode.InternalServerError));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Single(sent);
    }

    [Fact]
    public async Task After_a_second_of_failures_the_last_one_is_told()
    {
        var answer = Send(HttpMethod.Get, () => throw new HttpRequestException($"refused {sent.Count} times"));
        await Pass(answer);
        // After 0, 100, 300 and 700 ms; the next would be after 1,100.
        Assert.Equal("refused 4 times", (await Assert.ThrowsAsync<HttpRequestException>(() => answer)).Message);
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_a_failure_like_the_others()
    {
        var answer = Send(HttpMethod.Get, () => new TaskCompletionSource<HttpResponseMessage>().Task);
        await Pass(answer);
        Assert.Equal("no answer within 2 s", (await Assert.ThrowsAsync<HttpRequestException>(() => answer)).Message);
    }

    private static Task<HttpResponseMessage> Answer(HttpStatusCode status) => Task.FromResult(new HttpResponseMessage(status));

    private async Task Pass(Task answer)
    {
        for (var step = 0; step < 50 && !answer.IsCompleted; step++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    private Task<HttpResponseMessage> Send(HttpMethod method, Func<Task<HttpResponseMessage>> answer)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock).AddSingleton<Func<double>>(() => 0.5);
        services.AddHttpClient("neighbour").AddPatience().ConfigurePrimaryHttpMessageHandler(() => new Wire(this, answer));
        var http = services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("neighbour");
        return http.SendAsync(new HttpRequestMessage(method, "http://neighbour/x") { Content = new StringContent("x") });
    }

    private sealed class Wire(PatientHttpTests test, Func<Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            test.sent.Add($"{request.Method} {await request.Content!.ReadAsStringAsync(cancellationToken)}");
            return await answer().WaitAsync(cancellationToken);
        }
    }
}
