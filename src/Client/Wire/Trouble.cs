using Orchestrator.Client.Problems;

namespace Orchestrator.Client.Wire;

/// <summary>What has gone wrong with one question so far, and whether it may be asked again.</summary>
internal sealed class Trouble(Question question)
{
    private readonly Dictionary<Uri, string> reasons = [];
    private ProblemException? problem;
    private Exception? last;

    /// <summary>False when a master may have begun what must not be done twice.</summary>
    public bool MayGoOn { get; private set; } = true;

    /// <summary>Whether a master was reached at all.</summary>
    public bool IsReached { get; private set; }

    /// <summary>Whether a master may have done what was asked.</summary>
    public bool IsInDoubt { get; private set; }

    /// <summary>What the master asked last wants.</summary>
    public TimeSpan? RetryAfter => problem?.RetryAfter;

    /// <summary>Whether it is of a kind that another master may be spared.</summary>
    public bool Takes(Uri master, Exception e, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return false;
        switch (e)
        {
            case PassingException passing:
                problem = passing.Problem;
                IsReached = true;
                // What is said of the newest attempt holds for all that were named alike.
                if (problem.Outcome == ChangeOutcome.NotDone) IsInDoubt = IsInDoubt && question.RequestId is null;
                else if (problem.Outcome == ChangeOutcome.Unknown) IsInDoubt = true;
                if (!question.MayBeRepeated && problem.Outcome != ChangeOutcome.NotDone) MayGoOn = false;
                break;
            case HttpRequestException { HttpRequestError: var kind }:
                problem = null;
                var isBegun = kind is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
                IsReached |= isBegun;
                IsInDoubt |= isBegun && question.Changes;
                if (isBegun && !question.MayBeRepeated) MayGoOn = false;
                break;
            case IOException:
                (problem, IsReached) = (null, true);
                IsInDoubt |= question.Changes;
                if (!question.MayBeRepeated) MayGoOn = false;
                break;
            default:
                return false;
        }

        last = e;
        reasons[master] = Innermost(e).Message;
        return true;
    }

    public Exception Exception()
    {
        if (problem is not null) return problem;
        var all = string.Join("; ", reasons.Select(it => $"{it.Key.ToString().TrimEnd('/')}: {it.Value}"));
        var who = reasons.Count == 1 ? "the master does not answer" : "no master answers";
        return new NoMasterException($"{who}: {all}", IsReached, IsInDoubt, question.RequestId, last);
    }

    /// <summary>Why a connection was not made is said at its bottom.</summary>
    private static Exception Innermost(Exception e) => e is HttpRequestException && e.InnerException is { } inner
        and not OperationCanceledException ? Innermost(inner) : e;
}
