namespace Orchestrator.ServiceDefaults.Concurrency;

/// <summary>
/// Many may want to know the same at the same time: one question serves all who came before it was asked. Nobody is given an answer to what
/// was asked before he came.
/// </summary>
public sealed class SharedQuestions<TQuestion, TAnswer>
    where TQuestion : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TQuestion, Line> lines = [];

    /// <param name="ask">Asks, for everybody who waits; what it throws comes out here, and the next in the line asks again.</param>
    /// <param name="cancel">Gives up, and so does what was asked for this one; others who wait for it ask again.</param>
    public async Task<TAnswer> Ask(TQuestion question, Func<CancellationToken, Task<TAnswer>> ask, CancellationToken cancel)
    {
        var (line, mine) = Join(question);
        try
        {
            return await line.Asking.Inside(async () =>
            {
                if (line.Answered >= mine) return line.Answer!;
                var number = Interlocked.Increment(ref line.Begun);
                var answer = await ask(cancel);
                (line.Answer, line.Answered) = (answer, number);
                return answer;
            }, cancel);
        }
        finally
        {
            Leave(question, line);
        }
    }

    private (Line Line, long Next) Join(TQuestion question)
    {
        lock (gate)
        {
            if (!lines.TryGetValue(question, out var line)) lines[question] = line = new();
            line.Waiting++;
            return (line, Interlocked.Read(ref line.Begun) + 1);
        }
    }

    private void Leave(TQuestion question, Line line)
    {
        lock (gate)
        {
            if (--line.Waiting == 0) lines.Remove(question);
        }
    }

    /// <summary>Those who wait for an answer to one question.</summary>
    private sealed class Line
    {
        /// <summary>How many times it has been asked.</summary>
        public long Begun;

        public Gate Asking { get; } = new(1);

        public int Waiting { get; set; }

        public TAnswer? Answer { get; set; }

        /// <summary>Which time of asking the answer is to.</summary>
        public long Answered { get; set; }
    }
}
