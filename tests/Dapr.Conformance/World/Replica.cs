using System.Net.Http.Headers;
using Dapr.Actors.Client;
using Dapr.Client;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using DaprApi = Dapr.Client.Autogen.Grpc.v1.Dapr;

namespace Conformance.World;

/// <summary>One application with its sidecar, and every way to speak to that sidecar.</summary>
public sealed class Replica : IAsyncDisposable
{
    /// <summary>
    /// How long a caller waits for an answer: longer than the 5 s in which a sidecar looks for an owner, shorter than the 8 s after which
    /// placement drops a sidecar whose calls hold up a change of hosts. With Dapr a call whose application died hangs until then.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(7);

    private static readonly string? ApiToken = Environment.GetEnvironmentVariable("DAPR_API_TOKEN");

    private readonly Func<Replica, WebApplication> _build;
    private readonly AppPort _port;
    private readonly GrpcChannel _channel;
    private WebApplication? _app;

    public Replica(string name, Address address, AppPort port, Func<Replica, WebApplication> build)
    {
        (Name, Address, _port, _build) = (name, address, port, build);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{address.HttpPort}"), Timeout = Patience };
        if (ApiToken is not null) Http.DefaultRequestHeaders.Add("dapr-api-token", ApiToken);
        Dapr = new DaprClientBuilder()
            .UseHttpEndpoint($"http://127.0.0.1:{address.HttpPort}").UseGrpcEndpoint($"http://127.0.0.1:{address.GrpcPort}")
            .UseDaprApiToken(ApiToken ?? "").Build();
        Actors = ActorsWithin(Patience);
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{address.GrpcPort}");
        Grpc = new DaprApi.DaprClient(_channel);
    }

    /// <summary>Tells replicas of one app id apart: <c>a1</c>, <c>a2</c>, <c>b</c>.</summary>
    public string Name { get; }
    public Address Address { get; }
    public string AppId => Address.AppId;

    /// <summary>The sidecar's HTTP API as it is.</summary>
    public HttpClient Http { get; }

    /// <summary>The sidecar's gRPC API as it is.</summary>
    public DaprApi.DaprClient Grpc { get; }

    /// <summary>The SDK's client.</summary>
    public DaprClient Dapr { get; }

    /// <summary>The SDK's actor proxies.</summary>
    public IActorProxyFactory Actors { get; }

    /// <summary>The same for calls that are meant to take longer.</summary>
    public IActorProxyFactory ActorsWithin(TimeSpan patience) => new ActorProxyFactory(new ActorProxyOptions
    {
        HttpEndpoint = $"http://127.0.0.1:{Address.HttpPort}/", DaprApiToken = ApiToken, UseJsonSerialization = true,
        RequestTimeout = patience,
    });

    public void ListenOn(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel) => _port.ListenOn(kestrel);

    public async Task Start(CancellationToken cancel)
    {
        _app = _build(this);
        await _app.StartAsync(cancel);
    }

    public Task StartIfStopped(CancellationToken cancel) => _app is null ? Start(cancel) : Task.CompletedTask;

    /// <summary>Ends the application as a kill would: connections are cut, running requests are not waited for.</summary>
    public async Task StopApp()
    {
        if (Interlocked.Exchange(ref _app, null) is not { } app) return;
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero, TimeProvider.System);
        await app.StopAsync(atOnce.Token);
        _port.Release();
        await app.DisposeAsync();
    }

    public static HttpRequestMessage Request(HttpMethod verb, string path, string? body = null, string contentType = "application/json")
    {
        var request = new HttpRequestMessage(verb, path);
        if (body is not null) request.Content = new StringContent(body, MediaTypeHeaderValue.Parse(contentType));
        return request;
    }

    /// <summary>One plain request to the sidecar; the answer's body is read.</summary>
    public async Task<Answer> Send(HttpMethod verb, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = Request(
            verb, $"http://127.0.0.1:{Address.HttpPort}{path}", body); // whole, since "//v1.0" alone would be a host
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.Of(response);
    }

    public async ValueTask DisposeAsync()
    {
        await StopApp();
        _port.Dispose();
        _channel.Dispose();
        Dapr.Dispose();
        Http.Dispose();
    }
}
