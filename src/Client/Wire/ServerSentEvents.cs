namespace Orchestrator.Client.Wire;

internal static class ServerSentEvents
{
    public const string Type = "text/event-stream";

    /// <summary>A sign of life comes every 10 s.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(35);
}
