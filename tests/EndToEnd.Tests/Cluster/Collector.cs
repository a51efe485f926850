using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts.Values;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>Takes spans in as an OpenTelemetry collector does (OTLP over HTTP) and keeps which belong to one trace.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Trace, string Name)> spans = new();
    private readonly WebApplication web;

    private Collector(WebApplication web) => this.web = web;

    /// <summary>What an application needs to know to send its spans here soon.</summary>
    public (string Name, string Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", web.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"),
    ];

    /// <summary>The names of the spans of each trace, each name once, in alphabetical order.</summary>
    public ValueList<string> Traces => spans.GroupBy(span => span.Trace)
        .Select(trace => string.Join(" | ", trace.Select(span => span.Name).Distinct().Order(StringComparer.Ordinal)))
        .OrderByDescending(names => names.Length).Take(20).ToValueList();

    public static async Task<Collector> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new Collector(builder.Build());
        collector.web.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            collector.Take(body.ToArray());
        });
        collector.web.MapPost("/v1/metrics", () => { });
        await collector.web.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();

    /// <summary>ExportTraceServiceRequest → resource_spans (1) → scope_spans (2) → spans (2), of which trace_id is 1 and name 5.</summary>
    private void Take(byte[] request)
    {
        foreach (var resource in Fields(request, 1))
        {
            foreach (var scope in Fields(resource, 2))
            {
                foreach (var span in Fields(scope, 2))
                    spans.Enqueue((Convert.ToHexString(Fields(span, 1).Single()),
                        System.Text.Encoding.UTF8.GetString(Fields(span, 5).Single())));
            }
        }
    }

    private static List<byte[]> Fields(byte[] message, int number)
    {
        List<byte[]> found = [];
        var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) == number) found.Add(input.ReadBytes().ToByteArray());
            else input.SkipLastField();
        }

        return found;
    }
}
