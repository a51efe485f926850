using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Resilience;
using Orchestrator.Testing;

namespace Orchestrator.Simulation.Tests;

/// <summary>
/// Carries calls between simulated processes: usually in milliseconds, sometimes in seconds, sometimes twice, sometimes never.
/// </summary>
internal sealed class Network(Dice dice)
{
    public Faults Faults { get; set; } = Faults.None;

    /// <summary>Machines that hear nobody and are heard by nobody.</summary>
    public HashSet<SimulatedProcess> Cut { get; } = [];

    /// <summary>Machines that are heard, and whom nothing reaches but answers to what they ask: all else is lost, or very late.</summary>
    public HashSet<SimulatedProcess> Deaf { get; } = [];

    /// <summary>
    /// Asks another process; a lost question or answer leaves the caller waiting for as long as it likes, a process that is gone refuses.
    /// </summary>
    /// <param name="told">What the caller is told of a failure there.</param>
    public Task<T> Ask<T>(
        SimulatedProcess from, SimulatedProcess to, Func<Task<T>> work, Func<Exception, Exception>? told = null)
    {
        var answer = new TaskCompletionSource<T>();
        if (dice.Happens(Faults.Lost) || IsCut(from, to)) return answer.Task;
        if (!to.Alive)
        {
            from.After(Soon, () => answer.TrySetException(new HttpRequestException("connection refused")));
            return answer.Task;
        }

        if (IsDeaf(from, to))
        {
            if (dice.Happens(0.2)) to.After(dice.Between(0.5, 40), () => Serve(from, to, work, new(), told));
            return answer.Task;
        }

        to.After(Latency(), () => Serve(from, to, work, answer, told));
        if (dice.Happens(Faults.Twice)) to.After(dice.Between(0.001, 20), () => Serve(from, to, work, new(), told));
        return answer.Task;
    }

    /// <summary>Tells another process something that nobody answers.</summary>
    public void Tell(SimulatedProcess from, SimulatedProcess to, Action arrive)
    {
        if (dice.Happens(Faults.Lost) || IsCut(from, to) || IsDeaf(from, to)) return;
        to.After(Latency(), arrive);
        if (dice.Happens(Faults.Twice)) to.After(dice.Between(0.001, 20), arrive);
    }

    private async void Serve<T>(
        SimulatedProcess from, SimulatedProcess to, Func<Task<T>> work, TaskCompletionSource<T> answer, Func<Exception, Exception>? told)
    {
        var done = Begin(work);
        await done.Quietly();
        if (done.IsCompletedSuccessfully)
        {
            if (dice.Happens(Faults.Lost) || IsCut(from, to)) return;
            from.After(Latency(), () => answer.TrySetResult(done.Result));
        }
        else
        {
            var failure = PatientCalls.FailureOf(done);
            if (!IsCut(from, to)) from.After(Soon, () => answer.TrySetException(told?.Invoke(failure) ?? failure));
        }
    }

    private static Task<T> Begin<T>(Func<Task<T>> work)
    {
        try
        {
            return work();
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }

    private bool IsCut(SimulatedProcess from, SimulatedProcess to) =>
        Cut.Count > 0 && from != to && (Cut.Contains(from) || Cut.Contains(to));

    private bool IsDeaf(SimulatedProcess from, SimulatedProcess to) => from != to && Deaf.Contains(to);

    private TimeSpan Soon => dice.Between(0.001, 0.002);

    private TimeSpan Latency() => dice.Happens(Faults.Late) ? dice.Between(0.1, 20) : dice.Between(0.001, 0.01);
}
