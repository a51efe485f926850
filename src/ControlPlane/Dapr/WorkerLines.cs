using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapr.Client;
using Orchestrator.Contracts;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ServiceDefaults.Resilience;
using Orchestrator.ServiceDefaults.Streams;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Questions travel by service invocation, as orders do; so does what is answered, however long that takes.</summary>
internal sealed class WorkerLines(HttpClient workers, TimeProvider clock) : IWorkerLines, IDisposable
{
    /// <summary>So long a worker may take to begin to answer.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>A worker that has nothing to tell says that it is there every 5 s.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(16);

    /// <summary>In bytes; the text of a log line has at most 64 KiB before it is written in JSON.</summary>
    private const int LongestLine = 1 << 20;

    private readonly PatientCalls calls = PatientCalls.Within(Deadline, clock);
    private readonly PatientCalls listening = PatientCalls.Within(Silence, clock);

    public WorkerLines(DaprClient dapr, TimeProvider clock)
        : this(dapr.CreateInvokableHttpClient(), clock)
    {
    }

    public async IAsyncEnumerable<T> Ask<T>(
        string worker, string method, object question, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var heard = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var answer = await Answered(worker, () => calls.Run(within => Post(worker, method, question, within), cancel), cancel);
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        await using var lines = JsonLines.Read<T>(body, ContractsJson.Options, LongestLine, heard.Token).GetAsyncEnumerator(cancel);
        while (await Answered(worker, () => listening.Run(async within =>
        {
            // The reading itself is ended, so that nobody is inside when the stream is closed.
            await using var _ = within.UnsafeRegister(static it => ((CancellationTokenSource)it!).Cancel(), heard);
            return await lines.MoveNextAsync();
        }, cancel), cancel)) yield return lines.Current;
    }

    public Task<T> AskOnce<T>(string worker, string method, object question, CancellationToken cancel) =>
        Answered(worker, () => calls.Run(async within =>
        {
            using var answer = await Post(worker, method, question, within);
            return await answer.Read<T>(within);
        }, cancel), cancel);

    public void Dispose() => workers.Dispose();

    private static async Task<T> Answered<T>(string worker, Func<Task<T>> ask, CancellationToken cancel)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (!cancel.IsCancellationRequested
            && e is HttpRequestException or IOException or TimeoutException or JsonException or OperationCanceledException)
        {
            throw new NoAnswerException(worker, e);
        }
    }

    private async Task<HttpResponseMessage> Post(string worker, string method, object question, CancellationToken cancel)
    {
        var answer = await workers.Post(worker, method, question, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (answer.IsSuccessStatusCode) return answer;
        using (answer)
        {
            var words = await answer.Content.ReadAsStringAsync(cancel);
            if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
                throw new WorkerRefusedException((int)answer.StatusCode, Detail(words));
            throw new HttpRequestException($"it answers {(int)answer.StatusCode} {words}");
        }
    }

    private static string Detail(string problem)
    {
        using var json = JsonDocument.Parse(problem);
        return json.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString() ?? problem : problem;
    }
}
