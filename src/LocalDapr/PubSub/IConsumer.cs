namespace LocalDapr.PubSub;

/// <summary>One replica's subscription: it takes messages, routes them into its app, and retries and dead-letters as configured.</summary>
internal interface IConsumer
{
    /// <summary>How many messages it takes at once; null for one at a time.</summary>
    BulkOptions? Bulk { get; }

    /// <summary>Handles messages to the end, whatever that is.</summary>
    /// <exception cref="Apps.AppUnreachableException">The app is gone; the messages go to another replica or come again.</exception>
    Task TakeAsync(IReadOnlyList<Message> messages, CancellationToken cancel);
}
