namespace Conformance.Promises;

/// <summary>Section 10 of the contract: what a sidecar must get right before any application runs on it.</summary>
public static class Checklist
{
    public static IReadOnlyList<string> Items { get; } =
    [
        "collapse //",
        "listen on IPv4 and IPv6 loopback",
        "ignore request content types",
        "case-insensitive JSON from the application",
        "204 for missing state",
        "forward X-DaprErrorResponseHeader and status 200",
        "only 200 is actor success",
        "FIFO turn lock, reentrancy id, depth",
        "state writes refused (400) unless the actor is active here",
        "echo duration texts; reminders with empty dueTime and period",
        "reminder progress committed after 200, 1 s × 3 retries, parked without hosts",
        "timers in memory, survive deactivation, die with the replica's sidecar",
        "idle DELETE, drain on rebalance with cancellation and retry",
        "lookup retries 5 × 1 s, errors as ERR_ACTOR_INVOKE_METHOD 500",
        "Aborted on etag conflict, empty data for missing keys, first-write insert-only",
        "one delivery per app id, SUCCESS/RETRY/DROP/404, dead letter",
        "dapr-api-token both ways",
        "own app id invoked locally",
        "application health drives actor registration and subscriptions",
        "4 MiB bodies",
        "fault injection: pause a replica, delay or duplicate a call, two owners for a while, fail a state write",
    ];
}
