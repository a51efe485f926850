using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>Workers that are asked what they see, and answer as they are told to; those that are not told do not answer.</summary>
internal sealed class FakeWorkerLines : IWorkerLines
{
    /// <summary>By method, what answers: worker and question to lines.</summary>
    public Dictionary<string, Func<string, object, CancellationToken, IAsyncEnumerable<object>>> Answers { get; } = [];

    /// <summary>The questions: <c>a logs {"service":"web"…}</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public async IAsyncEnumerable<T> Ask<T>(
        string worker, string method, object question, [EnumeratorCancellation] CancellationToken cancel)
    {
        Asked.Enqueue($"{worker} {method} {JsonSerializer.Serialize(question, question.GetType(), ContractsJson.Options)}");
        if (!Answers.TryGetValue(method, out var answer)) throw new NoAnswerException(worker, new TimeoutException("it is not there"));
        await foreach (var line in answer(worker, question, cancel).WithCancellation(cancel)) yield return (T)line;
    }

    public async Task<T> AskOnce<T>(string worker, string method, object question, CancellationToken cancel)
    {
        await foreach (var only in Ask<T>(worker, method, question, cancel)) return only;
        throw new NoAnswerException(worker, new HttpRequestException("it answered without a body"));
    }
}
