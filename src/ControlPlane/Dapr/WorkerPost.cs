using System.Net.Http.Json;
using Orchestrator.Contracts;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>What goes to workers goes by service invocation: the app id is the worker's name.</summary>
internal static class WorkerPost
{
    public static async Task<HttpResponseMessage> Post(
        this HttpClient workers, string worker, string method, object value, HttpCompletionOption until, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://{worker}/{method}"));
        request.Content = JsonContent.Create(value, value.GetType(), options: ContractsJson.Options);
        await request.Content.LoadIntoBufferAsync(cancel); // a streamed body would not be repeated by the sidecar
        return await workers.SendAsync(request, until, cancel);
    }

    /// <exception cref="HttpRequestException">There is nothing in it.</exception>
    public static async Task<T> Read<T>(this HttpResponseMessage answer, CancellationToken cancel) =>
        await answer.Content.ReadFromJsonAsync<T>(ContractsJson.Options, cancel)
            ?? throw new HttpRequestException("it answered without a body");
}
