using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Orchestrator.Hosts.Histories;

namespace Orchestrator.Hosts.Bed;

/// <summary>An engine's own word on which containers of the cluster began and ended.</summary>
internal sealed class EngineWatch : IAsyncDisposable
{
    private readonly string host;
    private readonly Func<HistoryRecord> record;
    private readonly HttpClient engine;
    private readonly string filter;
    private readonly string running;
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task watching;

    /// <param name="record">Where what happens now belongs: another one for each test.</param>
    public EngineWatch(string host, string socket, string cluster, Func<HistoryRecord> record)
    {
        this.host = host;
        this.record = record;
        filter = Uri.EscapeDataString($$"""{"label":["orchestrator.cluster={{cluster}}"],"event":["start","die"]}""");
        running = Uri.EscapeDataString($$"""{"label":["orchestrator.cluster={{cluster}}"]}""");
        engine = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
                return new NetworkStream(connection, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri("http://engine"), Timeout = Timeout.InfiniteTimeSpan,
        };
        watching = Watch();
    }

    /// <summary>From now on nothing is missed.</summary>
    public Task Ready => ready.Task;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        engine.Dispose();
        stop.Dispose();
    }

    private async Task Watch()
    {
        // What ended unseen and is gone had ended when the engine left, for it takes its containers with it.
        DateTimeOffset? lost = null;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var answer = await engine.GetAsync($"/events?filters={filter}", HttpCompletionOption.ResponseHeadersRead, stop.Token);
                await CatchUp(lost ?? Wall.Now);
                lost = null;
                ready.TrySetResult();
                using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(stop.Token));
                while (await lines.ReadLineAsync(stop.Token) is { } line) Take(JsonNode.Parse(line)!);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or SocketException or OperationCanceledException)
            {
                // The engine is away: it is asked again, and says then what ended and began meanwhile.
            }

            lost ??= Wall.Now;

            if (!stop.IsCancellationRequested) await Wall.Wait(TimeSpan.FromMilliseconds(50));
        }
    }

    private void Take(JsonNode it)
    {
        var at = DateTimeOffset.UnixEpoch.AddTicks((long)it["timeNano"]! / 100);
        var labels = it["Actor"]!["Attributes"]!;
        var container = (string)it["Actor"]!["ID"]!;
        if ((string?)it["Action"] == "die") record().Ended(container, at);
        else Begin(container, labels, at);
    }

    private void Begin(string container, JsonNode labels, DateTimeOffset at) =>
        record().Began(container, new Life(host, (string)labels["orchestrator.instance"]!, (string)labels["orchestrator.service"]!,
            int.Parse((string)labels["orchestrator.slot"]!, CultureInfo.InvariantCulture),
            long.Parse((string)labels["orchestrator.epoch"]!, CultureInfo.InvariantCulture), at));

    /// <summary>What ended and began while nobody listened.</summary>
    private async Task CatchUp(DateTimeOffset lost)
    {
        foreach (var container in record().Living(host))
        {
            if (await Inspect(container) is not { } seen) record().Ended(container, lost);
            else if (!(bool)seen["State"]!["Running"]!) record().Ended(container, Moment(seen, "FinishedAt"));
        }

        using var answer = await engine.GetAsync($"/containers/json?filters={running}", stop.Token);
        foreach (var line in JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop.Token))!.AsArray())
        {
            var container = (string)line!["Id"]!;
            if (await Inspect(container) is { } seen) Begin(container, seen["Config"]!["Labels"]!, Moment(seen, "StartedAt"));
        }
    }

    private async Task<JsonNode?> Inspect(string container)
    {
        using var answer = await engine.GetAsync($"/containers/{container}/json", stop.Token);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop.Token));
    }

    private static DateTimeOffset Moment(JsonNode container, string what) =>
        DateTimeOffset.Parse((string)container["State"]![what]!, CultureInfo.InvariantCulture);
}
