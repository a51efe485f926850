using System.Runtime.CompilerServices;

namespace Orchestrator.ServiceDefaults.Concurrency;

public static class QuietTask
{
    /// <summary>Waits for the end of the task however it ends, and goes on where the caller was.</summary>
    public static ConfiguredTaskAwaitable Quietly(this Task task) =>
        task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
}
