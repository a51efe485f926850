namespace Orchestrator.Contracts;

/// <summary>The names by which the parts meet in Dapr: components, topics, app ids, actor types.</summary>
public static class DaprNames
{
    /// <summary>Component: plain state with etags, and actor state.</summary>
    public const string StateStore = "statestore";

    /// <summary>Component: pub/sub.</summary>
    public const string PubSub = "pubsub";

    /// <summary>App id of every master.</summary>
    public const string ControlPlane = "control-plane";

    /// <summary>Topic, masters to all workers: <see cref="Workers.Announcement"/>.</summary>
    public const string Announcements = "announcements";

    /// <summary>Actor type; the id is the service's name.</summary>
    public const string ServiceMaster = "ServiceMaster";

    public const string MemberRegistry = "MemberRegistry";

    public const string ServiceDirectory = "ServiceDirectory";

    public const string EventLog = "EventLog";

    /// <summary>Actor type; the id is the stack's name.</summary>
    public const string StackMaster = "StackMaster";

    /// <summary>
    /// The one shard of <see cref="MemberRegistry"/>, <see cref="ServiceDirectory"/> and <see cref="EventLog"/>; more are split
    /// off by a hash of the name when one actor gets too slow.
    /// </summary>
    public const string FirstShard = "shard-0";
}
