namespace LocalDapr.Faults;

/// <summary>A fault wanted the call to be lost. Unlike a real broken connection nobody repeats it.</summary>
internal sealed class CallLostException() : Exception("the connection was lost (fault hook)");

internal static class AroundCalls
{
    /// <summary>Puts the faults that are due around one call into an app.</summary>
    public static async Task<T> AroundAsync<T>(
        this FaultHooks faults, string appId, string? actorType, string? actorId, string method, TimeProvider clock,
        Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        if (Due(FaultKind.Delay) is { } delay) await Task.Delay(delay.Delay, clock, cancel);
        if (Due(FaultKind.DropCall) is not null) throw new CallLostException();
        if (Due(FaultKind.Duplicate) is not null) await call(cancel);
        var answer = await call(cancel);
        return Due(FaultKind.DropAnswer) is null ? answer : throw new CallLostException();

        Fault? Due(FaultKind kind) => faults.NextCall(kind, appId, actorType, actorId, method);
    }
}
