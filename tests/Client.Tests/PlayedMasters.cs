using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Testing;

namespace Orchestrator.Client.Tests;

/// <summary>Masters that are played: each answers as the test says, and what they were asked is kept.</summary>
internal sealed class PlayedMasters : HttpMessageHandler
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, Func<Asked, HttpResponseMessage>> answers = [];

    public FakeTimeProvider Clock { get; } = new(new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));

    public ConcurrentQueue<Asked> Questions { get; } = new();

    /// <summary>As <c>GET a/services</c>.</summary>
    public IEnumerable<string> Words => Questions.Select(it => $"{it.Method} {it.Master}{it.Target}");

    /// <summary>How a master answers; null never answers.</summary>
    public PlayedMasters With(string master, Func<Asked, HttpResponseMessage?> answer)
    {
        answers[master] = it => answer(it) ?? throw new HangException();
        return this;
    }

    public OrchestratorClient Client(params string[] masters) => new(new OrchestratorClientOptions
    {
        Servers = [.. (masters.Length > 0 ? masters : [.. answers.Keys]).Select(it => new Uri($"http://{it}"))],
        Handler = this, Clock = Clock, Token = "the-token",
    });

    public static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK, string type = "application/json") =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, type) };

    public static HttpResponseMessage Problem(HttpStatusCode status, string fields) => Json(fields, status, "application/problem+json");

    public static HttpRequestException Refused() =>
        new(HttpRequestError.ConnectionError, "refused", new System.Net.Sockets.SocketException(111));

    public static HttpRequestException Died() => new(HttpRequestError.ResponseEnded, "the connection was closed");

    /// <summary>Time passes until it has ended, well or not; tells how long that took by this clock.</summary>
    public async Task<TimeSpan> Pass(Task begun)
    {
        var start = Clock.GetUtcNow();
        await Eventually.Become(
            () =>
            {
                if (!begun.IsCompleted) Clock.Advance(TimeSpan.FromMilliseconds(500));
                return begun.Status;
            },
            _ => begun.IsCompleted, Soon, "it ends", TestContext.Current.CancellationToken);
        return Clock.GetUtcNow() - start;
    }

    public async Task<T> Pass<T>(Task<T> begun)
    {
        await Pass((Task)begun);
        return await begun;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = new Asked(
            $"{request.Method}", request.RequestUri!.Host, request.RequestUri.PathAndQuery,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken),
            request.Headers.ToDictionary(it => it.Key, it => string.Join(", ", it.Value), StringComparer.OrdinalIgnoreCase));
        Questions.Enqueue(asked);
        try
        {
            var answer = answers[asked.Master](asked);
            answer.RequestMessage = request;
            return answer;
        }
        catch (HangException)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, Clock, cancellationToken);
            throw;
        }
    }

    private sealed class HangException : Exception;
}

internal sealed record Asked(string Method, string Master, string Target, string Body, Dictionary<string, string> Headers)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);
}
