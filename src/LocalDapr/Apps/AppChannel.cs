using System.Net;
using LocalDapr.Wire;

namespace LocalDapr.Apps;

/// <summary>The way from a sidecar into its app: pooled connections, the app's token, the limit of calls at the same time.</summary>
internal sealed class AppChannel : IDisposable
{
    private readonly HttpMessageInvoker client;
    private readonly SemaphoreSlim? places;
    private readonly string? token;
    private readonly long maxBody;

    public AppChannel(AppOptions options)
    {
        token = options.Token;
        maxBody = options.MaxBodySize;
        Root = $"http://127.0.0.1:{options.Port}/";
        if (options.MaxConcurrency is > 0 and var limit) places = new(limit, limit);
        client = new(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            // Shorter than the 5 s after which a Node server closes idle connections, so that none is used while it is being closed.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
            MaxResponseHeadersLength = 64,
        });
    }

    /// <summary>Where the app is, with a slash at the end.</summary>
    public string Root { get; }

    /// <summary>Asks and reads the whole answer.</summary>
    /// <exception cref="AppUnreachableException">No connection, or it broke before the answer was complete.</exception>
    /// <exception cref="AppAnswerTooLargeException">The answer is larger than a body may be.</exception>
    public Task<AppAnswer> AskAsync(HttpRequestMessage request, CancellationToken cancel) => SendAsync(request, ReadAsync, cancel);

    /// <summary>The same past the limit of calls at the same time: a busy app is not a sick one.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public Task<AppAnswer> ProbeAsync(HttpRequestMessage request, CancellationToken cancel) => ExchangeAsync(request, ReadAsync, cancel);

    /// <summary>Asks and lets <paramref name="read"/> take the answer while it comes in.</summary>
    /// <exception cref="AppUnreachableException">No connection, or it broke before the headers came.</exception>
    public async Task<T> SendAsync<T>(
        HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        if (places is null) return await ExchangeAsync(request, read, cancel);
        await places.WaitAsync(cancel);
        try
        {
            return await ExchangeAsync(request, read, cancel);
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        places?.Dispose();
    }

    private async Task<T> ExchangeAsync<T>(
        HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        if (token is not null)
        {
            request.Headers.Remove(DaprHeaders.ApiToken); // a caller's own
            request.Headers.TryAddWithoutValidation(DaprHeaders.ApiToken, token);
        }

        try
        {
            using var response = await StartAsync(request, cancel);
            return await read(response, cancel);
        }
        catch (IOException e) when (e is not AppAnswerTooLargeException)
        {
            throw new AppUnreachableException(e.Message, e);
        }
    }

    private async Task<HttpResponseMessage> StartAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            return await client.SendAsync(request, cancel);
        }
        catch (HttpRequestException e)
        {
            throw new AppUnreachableException(e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            // The client's way to say that no connection came about in time (a process that is stopped, with a full backlog).
            throw new AppUnreachableException(e.InnerException?.Message ?? e.Message, e);
        }
    }

    /// <summary>The whole of an answer.</summary>
    /// <exception cref="AppUnreachableException">It broke before it was complete.</exception>
    /// <exception cref="AppAnswerTooLargeException">It is larger than a body may be.</exception>
    public async Task<AppAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentLength > maxBody) throw new AppAnswerTooLargeException(maxBody);
        byte[] body;
        try
        {
            if (response.Content.Headers.ContentLength is null) await response.Content.LoadIntoBufferAsync(maxBody, cancel);
            body = await response.Content.ReadAsByteArrayAsync(cancel);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new AppAnswerTooLargeException(maxBody);
        }
        catch (HttpRequestException e)
        {
            throw new AppUnreachableException(e.Message, e);
        }

        return new((int)response.StatusCode, response.Headers, response.Content.Headers, body);
    }
}

internal sealed class AppAnswerTooLargeException(long limit) : IOException($"the app's answer is larger than {limit} bytes");
