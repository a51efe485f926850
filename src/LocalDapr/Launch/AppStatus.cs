using System.Text.Json.Serialization;

namespace LocalDapr.Launch;

/// <summary>What an app is doing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AppState>))]
internal enum AppState
{
    /// <summary>Ended on the user's wish; comes back by <c>start</c>.</summary>
    Stopped,
    /// <summary>The process runs, it was not healthy yet.</summary>
    Starting,
    Healthy,
    /// <summary>It runs and was healthy before.</summary>
    Unhealthy,
    Stopping,
    /// <summary>It died; the next start is due after a delay.</summary>
    Waiting,
    /// <summary>An app without a port ended with exit code 0: its work is done.</summary>
    Finished,
}

/// <summary>What <c>status</c> shows of one app.</summary>
/// <param name="Name">Unique in the run file.</param>
/// <param name="AppId">Dapr's app id.</param>
/// <param name="AppPort">Where the app listens; 0 when nowhere.</param>
/// <param name="DaprHttpPort">Its sidecar's HTTP port; 0 while there is none.</param>
/// <param name="DaprGrpcPort">Its sidecar's gRPC port; 0 while there is none.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Detail">Why, in words; null when there is nothing to explain.</param>
/// <param name="Pid">Process id; null while none runs.</param>
/// <param name="Restarts">How often it was started again after it died.</param>
/// <param name="Since">When the process started; null while none runs.</param>
internal sealed record AppStatus(
    string Name, string AppId, int AppPort, int DaprHttpPort, int DaprGrpcPort, AppState State, string? Detail, int? Pid, int Restarts,
    DateTimeOffset? Since);

/// <summary>What <c>status</c> shows of everything.</summary>
internal sealed record RunStatus(string RunFile, string Folder, int Pid, IReadOnlyList<AppStatus> Apps);
