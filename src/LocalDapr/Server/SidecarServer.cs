using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using LocalDapr.Api;
using LocalDapr.Grpc;

namespace LocalDapr.Server;

/// <summary>The two doors of a sidecar: HTTP/1.1, and gRPC over HTTP/2 without TLS.</summary>
internal static class SidecarServer
{
    public static async Task<WebApplication> StartAsync(
        SidecarApi api, long maxBodySize, Listeners httpPort, Listeners grpcPort, ILoggerFactory logs, CancellationToken cancel)
    {
        var http = new HttpApi(api, logs.CreateLogger("LocalDapr.Api"));
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<ILoggerFactory>(new QuietServer(logs));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = false;
            kestrel.Limits.MaxRequestBodySize = maxBodySize;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            foreach (var point in httpPort.EndPoints) kestrel.Listen(point, o => o.Protocols = HttpProtocols.Http1);
            foreach (var point in grpcPort.EndPoints) kestrel.Listen(point, o => o.Protocols = HttpProtocols.Http2);
        });
        builder.Services.Configure<SocketTransportOptions>(o =>
        {
            o.CreateBoundListenSocket = point => httpPort.Has(point) ? httpPort.For(point) : grpcPort.For(point);
            // A call passes through here four times; nothing on the way blocks, so each passage may stay on the thread that brought it.
            o.UnsafePreferInlineScheduling = true;
        });
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton(api);
        DaprGrpc.AddTo(builder.Services, maxBodySize);

        var server = builder.Build();
        server.Use(next => context =>
            HttpProtocol.IsHttp2(context.Request.Protocol) ? next(DaprGrpc.Admit(context)) : http.HandleAsync(context));
        server.UseRouting();
        DaprGrpc.MapOn(server);
        await server.StartAsync(cancel);
        return server;
    }

    /// <summary>The web server's own chatter at Information is about requests; a sidecar gets thousands a second.</summary>
    private sealed class QuietServer(ILoggerFactory inner) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

        public ILogger CreateLogger(string categoryName) =>
            inner is NullLoggerFactory ? NullLogger.Instance : new Quiet(inner.CreateLogger(categoryName));

        public void Dispose()
        {
            // The factory belongs to whoever passed it in.
        }
    }

    private sealed class Quiet(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel level) => level >= LogLevel.Warning && inner.IsEnabled(level);

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? error, Func<TState, Exception?, string> format)
        {
            if (IsEnabled(level)) inner.Log(level, id, state, error, format);
        }
    }
}
