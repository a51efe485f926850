using System.Collections.Concurrent;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Logs;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>A client that follows logs, and goes on elsewhere with what it has when its master dies.</summary>
internal sealed class LogListener
{
    private readonly HashSet<(string Instance, string Time)> known = [];

    /// <summary>Every line once, as it came.</summary>
    public ConcurrentQueue<LogLine> Heard { get; } = new();

    /// <summary>How often a line came that was known: after a cut that is for the client to find out.</summary>
    public int Doubled { get; private set; }

    /// <summary>By instance, the newest time: the oldest of these is where to go on.</summary>
    public string? Since => Heard.GroupBy(it => it.Instance).Select(it => it.Max(line => line.Time)).Min(StringComparer.Ordinal);

    /// <summary>Listens until it is told to stop, or is cut off.</summary>
    public async Task Listen(Uri master, string path, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(master, path));
        request.Headers.Accept.Add(new("application/x-ndjson"));
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}");
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancel));
            while (await reader.ReadLineAsync(cancel) is { } text)
            {
                var line = JsonSerializer.Deserialize<LogLine>(text, ContractsJson.Options)!;
                if (line.Stream == LogStream.Note) continue;
                if (known.Add((line.Instance, line.Time))) Heard.Enqueue(line);
                else Doubled++;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
        }
    }
}
