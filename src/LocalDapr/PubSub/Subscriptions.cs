using System.Text.Json;
using LocalDapr.Api;
using LocalDapr.Apps;

namespace LocalDapr.PubSub;

/// <summary>The subscriptions of one app while it is healthy.</summary>
internal sealed partial class Subscriptions(Sidecar sidecar, PubSubs pubSubs, TimeProvider clock, ILogger log)
{
    private const int Tries = 3;
    private readonly List<IDisposable> running = [];
    private readonly List<Subscription> streams = [];
    private volatile IReadOnlyList<Subscription> own = [];

    /// <summary>What is subscribed now.</summary>
    public IReadOnlyList<Subscription> Current
    {
        get
        {
            lock (streams) return [.. own, .. streams];
        }
    }

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

        own = started;
    }

    /// <summary>Adds one that a stream serves; dispose at its end.</summary>
    /// <exception cref="ApiException">There is no such component, or the pair is subscribed here already.</exception>
    public IDisposable AddStream(Subscription subscription, IConsumer consumer)
    {
        lock (streams)
        {
            if (Current.Any(s => s.PubSub == subscription.PubSub && s.Topic == subscription.Topic))
                throw ApiException.BadRequest($"already subscribed to {subscription.PubSub}/{subscription.Topic}");
            var joined = pubSubs.Subscribe(sidecar, subscription, consumer);
            streams.Add(subscription);
            return new Ending(() =>
            {
                joined.Dispose();
                lock (streams) streams.Remove(subscription);
            });
        }
    }

    public void Stop()
    {
        own = [];
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
