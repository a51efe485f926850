using System.Net;
using Orchestrator.Client.Problems;

namespace Orchestrator.Client.Wire;

/// <summary>
/// The way to the masters. Whatever is known not to have been begun, and what may be done twice, is asked of the next master when one
/// cannot be reached, dies over it or says that it cannot at present; for as long as there is patience.
/// </summary>
internal sealed class Road : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly HttpClient http;
    private readonly Masters masters;

    public Road(OrchestratorClientOptions options)
    {
        Options = options;
        masters = new(options.Servers);
        http = new(options.Handler ?? Connections.Handler(), disposeHandler: options.Handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan, // Of each request by its kind; see Try.
        };
    }

    public OrchestratorClientOptions Options { get; }

    public Uri Server => masters.Current;

    public async Task<T> Ask<T>(Question question, CancellationToken cancel)
    {
        using var answer = await Ask(question, HttpCompletionOption.ResponseContentRead, cancel);
        return await answer.Read<T>(cancel);
    }

    public async Task Tell(Question question, CancellationToken cancel)
    {
        try
        {
            using var answer = await Ask(question, HttpCompletionOption.ResponseContentRead, cancel);
        }
        catch (GoneBeforeException)
        {
            // A master died over it when it was done.
        }
    }

    /// <summary>An answer that goes on; it is for the caller to dispose of.</summary>
    public Task<HttpResponseMessage> Begin(Question question, CancellationToken cancel) =>
        Ask(question, HttpCompletionOption.ResponseHeadersRead, cancel);

    /// <exception cref="ProblemException">A master refuses.</exception>
    /// <exception cref="NoMasterException">None answers.</exception>
    public Task<HttpResponseMessage> Ask(Question question, HttpCompletionOption until, CancellationToken cancel) =>
        Patiently(question, (master, end) => Send(question, master, until, end), cancel);

    /// <summary>Does something with a master, and with the next one when this one cannot.</summary>
    public async Task<T> Patiently<T>(
        Question question, Func<Uri, CancellationToken, Task<T>> act, CancellationToken cancel)
    {
        var clock = Options.Clock;
        var begin = clock.GetTimestamp();
        var trouble = new Trouble(question);
        for (var attempt = 1; ; attempt++)
        {
            var master = masters.Current;
            try
            {
                return await Try(question, master, act, cancel);
            }
            catch (ProblemException e) when (trouble.IsInDoubt && question.Method == HttpMethod.Delete
                && e.Status == HttpStatusCode.NotFound && question.RequestId is null)
            {
                throw new GoneBeforeException(e);
            }
            catch (Exception e) when (trouble.Takes(master, e, cancel))
            {
                masters.Leave(master);
            }

            if (attempt % masters.Count != 0 && trouble.MayGoOn) continue;
            var pause = trouble.RetryAfter ?? Pause(attempt / masters.Count);
            var limit = trouble.IsReached ? Options.Patience : Options.ReachWithin;
            if (!trouble.MayGoOn || clock.GetElapsedTime(begin) + pause > limit) throw trouble.Exception();
            await Task.Delay(pause, clock, cancel);
        }
    }

    /// <summary>Whoever gave this answer has not finished it: another one is asked from now on.</summary>
    public void Leave(HttpResponseMessage answer)
    {
        if (answer.RequestMessage?.RequestUri is not { } asked) return;
        var master = masters.Current;
        if (master.IsBaseOf(asked)) masters.Leave(master);
    }

    public void Dispose() => http.Dispose();

    /// <summary>Each pause is twice as long as the one before.</summary>
    public static TimeSpan Pause(int round) =>
        TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Clamp(round - 1, 0, 10)));

    private async Task<HttpResponseMessage> Send(Question question, Uri master, HttpCompletionOption until, CancellationToken cancel)
    {
        using var request = question.To(master, Options.Token);
        var answer = await http.SendAsync(request, until, cancel);
        if (answer.IsSuccessStatusCode) return answer;
        using (answer)
        {
            var problem = await answer.Problem(cancel);
            throw answer.Passes() ? new PassingException(problem) : problem;
        }
    }

    private async Task<T> Try<T>(
        Question question, Uri master, Func<Uri, CancellationToken, Task<T>> act, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(Options.AnswerWithin + question.TakesLonger, Options.Clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            return await act(master, end.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "it does not answer", e);
        }
    }
}

/// <summary>A problem that may be over soon, or that another master has not.</summary>
internal sealed class PassingException(ProblemException problem) : Exception(problem.Message)
{
    public ProblemException Problem => problem;
}

/// <summary>What was to be deleted is not there, and an attempt of ours may have been the reason.</summary>
internal sealed class GoneBeforeException(ProblemException problem) : Exception(problem.Message, problem);
