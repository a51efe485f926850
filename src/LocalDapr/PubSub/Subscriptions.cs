using System.Text.Json;
using System.Threading.Channels;
using Dapr.Client.Autogen.Grpc.v1;
using LocalDapr.Wire;
using LocalDapr.Apps;
using LocalDapr.Resiliency;
using LocalDapr.Scheduling;

namespace LocalDapr.PubSub;

/// <summary>The subscriptions of one app while it is healthy.</summary>
internal sealed partial class Subscriptions(
    App app, IReadOnlyList<DeclaredSubscription> declared, Policies policies, PubSubs pubSubs, TimeProvider clock, ILogger log)
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
        var wanted = (await ReadAsync(cancel)).Concat(declared.Select(s => s.Subscription));
        var started = new List<Subscription>();
        foreach (var one in wanted)
        {
            try
            {
                running.Add(pubSubs.Subscribe(one, new AppConsumer(one, app, policies.Inbound(one.PubSub), pubSubs, clock, log)));
                started.Add(one);
            }
            catch (ApiException e)
            {
                LogRefused(app.Id, one.PubSub, one.Topic, e.Message);
            }
        }

        own = started;
    }

    /// <summary>Adds one that a stream serves; dispose at its end.</summary>
    /// <exception cref="ApiException">There is no such component, or the pair is subscribed here already.</exception>
    public (StreamConsumer Consumer, IDisposable End) AddStream(
        Subscription subscription, ChannelWriter<SubscribeTopicEventsResponseAlpha1> outgoing)
    {
        var consumer = new StreamConsumer(subscription, outgoing, policies.Inbound(subscription.PubSub), pubSubs, clock);
        lock (streams)
        {
            if (Current.Any(s => s.PubSub == subscription.PubSub && s.Topic == subscription.Topic))
                throw ApiException.BadRequest($"already subscribed to {subscription.PubSub}/{subscription.Topic}");
            var joined = pubSubs.Subscribe(subscription, consumer);
            streams.Add(subscription);
            return (consumer, new Ending(() =>
            {
                joined.Dispose();
                lock (streams) streams.Remove(subscription);
            }));
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
            using var request = new HttpRequestMessage(HttpMethod.Get, app.Channel.Root + "dapr/subscribe");
            request.Headers.TryAddWithoutValidation(DaprHeaders.AppId, app.Id);
            var answer = await app.Channel.AskAsync(request, cancel);
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
            LogUnreadable(app.Id, e.Message);
            return [];
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{AppId} cannot subscribe to {PubSub}/{Topic}: {Why}")]
    private partial void LogRefused(string appId, string pubSub, string topic, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "the subscriptions of {AppId} are not understood: {Why}")]
    private partial void LogUnreadable(string appId, string why);
}
