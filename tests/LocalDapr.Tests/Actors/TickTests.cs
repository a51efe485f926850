using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LocalDapr.Tests.Actors;

/// <summary>Ticks that meet a turn; the clock stands still, so that who waits for whom is known.</summary>
public sealed class TickTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ConcurrentQueue<string> called = [];
    private readonly TaskCompletionSource held = new(), release = new();
    private readonly WebApplication app = App();
    private readonly HttpClient http = new();
    private LocalDaprHost? host;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        app.Run(AnswerAsync);
        await app.StartAsync(Cancel);
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        host = await LocalDaprHost.StartAsync(new() { Clock = clock }, Cancel);
        var sidecar = await host.AddSidecarAsync(new() { AppId = "app", AppPort = new Uri(address).Port }, Cancel);
        await sidecar.WhenReadyAsync(Cancel);
        http.BaseAddress = new($"http://127.0.0.1:{sidecar.HttpPort}/v1.0/actors/Bell/one/");
    }

    public async ValueTask DisposeAsync()
    {
        release.TrySetResult();
        http.Dispose();
        await host!.DisposeAsync();
        await app.DisposeAsync();
    }

    [Theory, InlineData("timers"), InlineData("reminders")]
    public async Task A_tick_that_is_unregistered_while_it_waits_for_its_turn_does_not_come(string kind)
    {
        await Send(HttpMethod.Put, $"{kind}/tick", """{"dueTime":"1s"}""");
        var turn = Send(HttpMethod.Put, "method/hold");
        await held.Task.WaitAsync(Cancel);
        clock.Advance(TimeSpan.FromSeconds(2));
        await Send(HttpMethod.Delete, $"{kind}/tick");
        release.SetResult();
        await turn;
        await Send(HttpMethod.Put, "method/after");
        Assert.Equal(["hold", "after"], called);
    }

    [Fact]
    public async Task A_tick_waits_for_the_running_turn()
    {
        await Send(HttpMethod.Put, "timers/tick", """{"dueTime":"1s"}""");
        var turn = Send(HttpMethod.Put, "method/hold");
        await held.Task.WaitAsync(Cancel);
        clock.Advance(TimeSpan.FromSeconds(2));
        var after = Send(HttpMethod.Put, "method/after");
        release.SetResult();
        await Task.WhenAll(turn, after);
        Assert.Equal(["hold", "tick", "after"], called);
    }

    private static WebApplication App()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        return builder.Build();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        if (path == "/dapr/config") await context.Response.WriteAsync("""{"entities":["Bell"]}""", Cancel);
        else if (path == "/dapr/subscribe") context.Response.StatusCode = 404;
        else if (context.Request.Method == "PUT")
        {
            called.Enqueue(path.Split('/')[^1]);
            if (!path.EndsWith("hold", StringComparison.Ordinal)) return;
            held.SetResult();
            await release.Task.WaitAsync(Cancel);
        }
    }

    private async Task Send(HttpMethod verb, string path, string body = "")
    {
        using var request = new HttpRequestMessage(verb, path) { Content = new StringContent(body) };
        using var answer = await http.SendAsync(request, Cancel);
        Assert.True(answer.IsSuccessStatusCode, $"{verb} {path}: {(int)answer.StatusCode}");
    }
}
