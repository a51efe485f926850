using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>Logs of workers, which answer questions for lines as workers do. A container has the name of its instance.</summary>
internal sealed class FakeLogs
{
    private readonly Lock gate = new();
    private readonly List<(string Worker, LogLine Line)> written = [];
    private readonly List<Channel<LogLine>> listeners = [];

    public FakeLogs(FakeWorkerLines workers) => workers.Answers[WorkerMethods.Logs] = (worker, question, cancel) =>
        Answer(worker, (LogQuestion)question, cancel);

    /// <summary>Every answer is cut off after so many lines; none is not.</summary>
    public int? CutAfter { get; set; }

    /// <summary>Workers that do not answer.</summary>
    public HashSet<string> Silent { get; } = [];

    public int Listening
    {
        get
        {
            lock (gate) return listeners.Count;
        }
    }

    public static string At(int second) => $"2026-01-01T12:00:{second:00}.000000000Z";

    public void Write(string worker, string instance, int second, string line, LogStream stream = LogStream.Stdout)
    {
        var it = new LogLine { Instance = instance, Stream = stream, Time = At(second), Line = line };
        lock (gate)
        {
            written.Add((worker, it));
            foreach (var listener in listeners) listener.Writer.TryWrite(it);
        }
    }

    private async IAsyncEnumerable<object> Answer(string worker, LogQuestion question, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (Silent.Contains(worker)) throw Unheard(worker);
        var live = Channel.CreateUnbounded<LogLine>();
        List<LogLine> present;
        lock (gate)
        {
            present = [.. written.Where(it => it.Worker == worker && Fits(question, it.Line)).Select(it => it.Line)
                .OrderBy(it => it.Time, StringComparer.Ordinal)];
            if (question.Follow) listeners.Add(live);
        }

        var count = 0;
        try
        {
            yield return new LogNews { Containers = present.Select(it => it.Instance).Distinct().Count() };
            if (question.Tail is { } tail && question.Told.Count == 0)
                present = [.. present.GroupBy(it => it.Instance).SelectMany(it => it.TakeLast(Math.Max(1, tail)))
                    .OrderBy(it => it.Time, StringComparer.Ordinal)];
            foreach (var line in present.Where(it => IsNew(question, it)))
            {
                if (count++ == CutAfter) throw Unheard(worker);
                yield return new LogNews { Line = line, Container = line.Instance, Passed = question.Tail == 0 ? true : null };
            }

            while (question.Follow)
            {
                var line = await live.Reader.ReadAsync(cancel);
                if (Silent.Contains(worker)) throw Unheard(worker);
                if (!Fits(question, line) || !written.Contains((worker, line))) continue;
                if (count++ == CutAfter) throw Unheard(worker);
                yield return new LogNews { Line = line, Container = line.Instance };
            }

            yield return new LogNews { End = LogEnd.Complete };
        }
        finally
        {
            lock (gate) listeners.Remove(live);
        }
    }

    private static bool Fits(LogQuestion question, LogLine line) =>
        line.Instance.StartsWith($"{question.Service}-", StringComparison.Ordinal)
        && (question.Instance is null || question.Instance == line.Instance)
        && (question.Stream is null || question.Stream == line.Stream)
        && string.CompareOrdinal(line.Time, question.Since) >= 0;

    private static bool IsNew(LogQuestion question, LogLine line) =>
        !question.Told.TryGetValue(line.Instance, out var told) || string.CompareOrdinal(line.Time, told.Time) > 0;

    private static NoAnswerException Unheard(string worker) => new(worker, new HttpRequestException("the connection broke"));
}
