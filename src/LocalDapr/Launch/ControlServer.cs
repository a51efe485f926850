using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LocalDapr.Launch;

/// <summary>
/// Answers <c>status</c>, <c>stop</c>, <c>start</c>, <c>restart</c> and <c>down</c> on a unix socket that only the user who runs it can
/// open.
/// </summary>
internal sealed class ControlServer(WebApplication web) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>So long the answers on their way when the run ends may take: the one to <c>down</c> is always among them.</summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(5);

    public static async Task<ControlServer> StartAsync(RunFolder folder, Launcher launcher, CancellationToken cancel)
    {
        File.Delete(folder.SocketPath); // We hold the folder's lock: whoever made it is gone.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(folder.SocketPath));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = LastAnswers);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ControlJson.Default));
        var web = builder.Build();
        web.UseRouting();
        Map(web, launcher);
        await web.StartAsync(cancel);
        return new ControlServer(web);
    }

    public async ValueTask DisposeAsync()
    {
        // To dispose alone would cut off what is being answered.
        await web.StopAsync(CancellationToken.None);
        await web.DisposeAsync();
    }

    private static void Map(WebApplication web, Launcher launcher)
    {
        web.MapGet("/status", () => launcher.Status);
        web.MapPost("/down", (bool? kill) =>
        {
            launcher.Stop();
            if (kill is true) launcher.Stop();
            return TypedResults.Accepted((string?)null);
        });
        web.MapPost("/apps/{name}/stop", (string name, bool? kill, HttpContext call) =>
            ActAsync(launcher, name, call, (app, cancel) => app.StopAsync(kill is true, cancel)));
        web.MapPost("/apps/{name}/start", (string name, HttpContext call) =>
            ActAsync(launcher, name, call, (app, cancel) =>
            {
                app.Start();
                return app.UntilReadyAsync(cancel);
            }));
        web.MapPost("/apps/{name}/restart", (string name, HttpContext call) =>
            ActAsync(launcher, name, call, async (app, cancel) =>
            {
                await app.StopAsync(kill: false, cancel);
                app.Start();
                await app.UntilReadyAsync(cancel);
            }));
    }

    private static async Task<Results<Ok<AppStatus>, NotFound<string>, JsonHttpResult<AppStatus>>> ActAsync(
        Launcher launcher, string name, HttpContext call, Func<AppSupervisor, CancellationToken, Task> act)
    {
        if (!launcher.TryGet(name, out var app))
        {
            var names = string.Join(", ", launcher.Status.Apps.Select(a => a.Name));
            return TypedResults.NotFound($"there is no app '{name}'; there are {names}");
        }

        var ending = call.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var late = new CancellationTokenSource(Deadline, TimeProvider.System);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(call.RequestAborted, late.Token, ending);
        try
        {
            await act(app, deadline.Token);
            return TypedResults.Ok(app.Status);
        }
        catch (OperationCanceledException) when (!call.RequestAborted.IsCancellationRequested)
        {
            return TypedResults.Json(app.Status, ControlJson.Default.AppStatus, statusCode: StatusCodes.Status504GatewayTimeout);
        }
    }

    /// <summary>The program listens for signals itself; a second listener would race with it.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunStatus))]
[JsonSerializable(typeof(AppStatus))]
[JsonSerializable(typeof(string))]
internal sealed partial class ControlJson : JsonSerializerContext;
