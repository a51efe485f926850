using Dapr;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>A reminder of an actor; one that cannot be set is logged, for the sweeps cover it.</summary>
/// <param name="set">Sets it, first after the time and then every time as long.</param>
internal sealed partial class Reminder(string of, Func<TimeSpan, Task> set, TimeProvider clock, ILogger log) : IReminder
{
    public async Task Set(TimeSpan every)
    {
        try
        {
            await set(every).WaitAsync(ActorCalls.WithinTurn, clock);
        }
        catch (Exception e) when (e is DaprException or HttpRequestException or TimeoutException)
        {
            LogFailed(of, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The reminder of {Whom} could not be set: {Error}")]
    private partial void LogFailed(string whom, string error);
}
