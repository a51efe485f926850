using System.Runtime.CompilerServices;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Looking;

internal static class WorkerAnswers
{
    /// <summary>
    /// What a worker tells, for who goes on whatever comes of it: that it does not answer, or refuses, is told last instead of thrown.
    /// </summary>
    public static async IAsyncEnumerable<(T? Told, Exception? Failure)> AskToTheEnd<T>(
        this IWorkerLines workers, string worker, string method, object question, [EnumeratorCancellation] CancellationToken cancel)
        where T : class
    {
        await using var answer = workers.Ask<T>(worker, method, question, cancel).GetAsyncEnumerator(cancel);
        while (true)
        {
            Exception? failure = null;
            try
            {
                if (!await answer.MoveNextAsync()) yield break;
            }
            catch (Exception e) when (e is NoAnswerException or WorkerRefusedException)
            {
                failure = e;
            }

            yield return failure is null ? (answer.Current, null) : (null, failure);
            if (failure is not null) yield break;
        }
    }
}
