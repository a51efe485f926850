using System.Net.Http.Headers;
using System.Text.Json;
using LocalDapr.Apps;
using LocalDapr.Resiliency;

namespace LocalDapr.PubSub;

/// <summary>Brings the messages of one subscription into the app over HTTP.</summary>
internal sealed partial class AppConsumer(
    Subscription subscription, App app, Policy policy, PubSubs pubSubs, TimeProvider clock, ILogger log) : IConsumer
{
    public BulkOptions? Bulk => subscription.Bulk;

    public async Task TakeAsync(IReadOnlyList<Message> messages, CancellationToken cancel)
    {
        var routed = new List<Routed>();
        foreach (var message in messages)
        {
            if (Route(message) is { } one) routed.Add(one);
        }

        try
        {
            if (subscription.Bulk is null)
            {
                foreach (var one in routed) await TakeOneAsync(one, cancel);
            }
            else
            {
                foreach (var group in routed.GroupBy(r => r.Path)) await TakeManyAsync(group.Key, [.. group], cancel);
            }
        }
        catch (AppUnreachableException)
        {
            // Gives placement and subscriptions the moment in which they notice that the app is gone.
            app.Watch.Suspect();
            await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancel);
            throw;
        }
    }

    /// <summary>Where a message goes in the app; null when it has been dealt with already.</summary>
    private Routed? Route(Message message)
    {
        if (message.Expires <= clock.GetUtcNow()) return Dismiss(message, "it has expired");
        byte[] body = subscription.Raw ? CloudEvents.WrapRaw(message) : message.Data;
        try
        {
            var reader = new Utf8JsonReader(body);
            var cloudEvent = JsonElement.ParseValue(ref reader);
            if (!message.IsDeadLetter && CloudEvents.HasExpired(cloudEvent, clock.GetUtcNow())) return Dismiss(message, "it has expired");
            return subscription.RouteOf(cloudEvent) is { } path
                ? new(message, body, cloudEvent, path) : Dismiss(message, "no route matches");
        }
        catch (JsonException)
        {
            return Dismiss(message, "it is not a CloudEvent, and the subscription does not ask for raw payload");
        }
    }

    private Routed? Dismiss(Message message, string why)
    {
        LogDismissed(message.PubSub, message.Topic, why);
        pubSubs.BuryDead(message, subscription);
        return null;
    }

    private async Task TakeOneAsync(Routed one, CancellationToken cancel)
    {
        var result = await policy.RunAsync(token => SendAsync(one, token), IsRetry, cancel);
        if (result.Outcome == Outcome.Success) return;
        if (result.Broken is { } gone && subscription.DeadLetterTopic is null) throw gone;
        Dismiss(one.Message, result.Why);
    }

    private async Task<Result> SendAsync(Routed one, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, app.Channel.Root + one.Path.TrimStart('/'));
        request.Content = new ByteArrayContent(one.Body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvents.ContentType);
        request.Headers.TryAddWithoutValidation("pubsubName", one.Message.PubSub);
        foreach (var (name, value) in one.Message.Metadata) request.Headers.TryAddWithoutValidation(name, value);
        if (one.Event.TryGetProperty("traceparent", out var trace) && trace.ValueKind == JsonValueKind.String)
            request.Headers.TryAddWithoutValidation("traceparent", trace.GetString());
        return await AskAsync(request, Outcomes.Of, cancel);
    }

    private async Task TakeManyAsync(string path, List<Routed> some, CancellationToken cancel)
    {
        var left = some;
        var result = await policy.RunAsync(
            async token =>
            {
                string url = app.Channel.Root + path.TrimStart('/');
                using var request = BulkRequest.Of(url, subscription, left.Select(r => (r.Message, r.Event)));
                var result = await AskAsync(request, answer => Outcomes.OfMany(answer, left.Count), token);
                foreach (var (one, outcome) in left.Zip(result.Each ?? []))
                {
                    if (outcome == Outcome.Drop) Dismiss(one.Message, "the app dropped it");
                }

                if (result.Each is not null) left = [.. left.Zip(result.Each).Where(p => p.Second == Outcome.Retry).Select(p => p.First)];
                return result;
            },
            IsRetry,
            cancel);
        if (result.Broken is { } gone && subscription.DeadLetterTopic is null) throw gone;
        if (result.Outcome != Outcome.Success) left.ForEach(one => Dismiss(one.Message, result.Why));
    }

    private static bool IsRetry(Result? result, Exception? error) => result is { Outcome: Outcome.Retry };

    private async Task<Result> AskAsync(HttpRequestMessage request, Func<AppAnswer, Result> read, CancellationToken cancel)
    {
        try
        {
            return read(await app.Channel.AskAsync(request, cancel));
        }
        catch (AppUnreachableException e)
        {
            return new(Outcome.Retry, e.Message) { Broken = e };
        }
        catch (AppAnswerTooLargeException e)
        {
            return new(Outcome.Retry, e.Message);
        }
    }

    private sealed record Routed(Message Message, byte[] Body, JsonElement Event, string Path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "a message of {PubSub}/{Topic} was not handled: {Why}")]
    private partial void LogDismissed(string pubSub, string topic, string why);
}
