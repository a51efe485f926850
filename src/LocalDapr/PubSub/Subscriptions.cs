using System.Text.Json;
using LocalDapr.Api;
using LocalDapr.Apps;

namespace LocalDapr.PubSub;

/// <summary>The subscriptions of one app while it is healthy.</summary>
internal sealed partial class Subscriptions(Sidecar sidecar, PubSubs pubSubs, TimeProvider clock, ILogger log)
{
    private const int Tries = 3;
    private readonly List<IDisposable> running = [];

    /// <summary>What is subscribed now.</summary>
    public IReadOnlyList<Subscription> Current { get; private set; } = [];

    /// <summary>Asks the app and starts.</summary>
    /// <exception cref="AppUnreachableException">The app did not answer.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        var wanted = (await ReadAsync(cancel)).Concat(sidecar.Resources.Subscriptions.Select(s => s.Subscription));
        var deadLetters = new DeadLetters(sidecar, pubSubs);
        var started = new List<Subscription>();
        foreach (var one in wanted)
        {
            try
            {
                running.Add(pubSubs.Subscribe(sidecar, one, new AppConsumer(sidecar, one, deadLetters, clock, log)));
                started.Add(one);
            }
            catch (ApiException e)
            {
                LogRefused(sidecar.AppId, one.PubSub, one.Topic, e.Message);
            }
        }

        Current = started;
    }

    public void Stop()
    {
        Current = [];
        foreach (var one in running) one.Dispose();
        running.Clear();
    }

    private async Task<IReadOnlyList<Subscription>> ReadAsync(CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, sidecar.App.Root + "dapr/subscribe");
            request.Headers.TryAddWithoutValidation(DaprHeaders.AppId, sidecar.AppId);
            var answer = await sidecar.App.AskAsync(request, cancel);
            if (answer.Status == 200) return Parse(answer.Body);
            if (answer.Status == 404 || attempt > Tries) return [];
            await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancel);
        }
    }

    private IReadOnlyList<Subscription> Parse(byte[] body)
    {
        try
        {
            return SubscriptionReader.Read(body);
        }
        catch (Exception e) when (e is JsonException or RuleSyntaxException)
        {
            LogUnreadable(sidecar.AppId, e.Message);
            return [];
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{AppId} cannot subscribe to {PubSub}/{Topic}: {Why}")]
    private partial void LogRefused(string appId, string pubSub, string topic, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "the subscriptions of {AppId} are not understood: {Why}")]
    private partial void LogUnreadable(string appId, string why);
}
