using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.ServiceDefaults.Resilience;

/// <summary>For clients of what lives outside Dapr, where no sidecar tries again.</summary>
public static class PatientHttp
{
    /// <summary>For a neighbour on this machine or network: three or four tries within a second; each may take two.</summary>
    private static readonly Patience Neighbourly = new()
    {
        Deadline = TimeSpan.FromSeconds(2),
        Backoff = new(First: TimeSpan.FromMilliseconds(100), Longest: TimeSpan.FromMilliseconds(400)),
        Budget = TimeSpan.FromSeconds(1),
        IsPassing = e => e is HttpRequestException or TimeoutException,
    };

    /// <summary>
    /// Requests that got no answer are sent again, except POST and PATCH, which may have had their effect. Any answer is an answer, a 500
    /// too. No answer in the end is an <see cref="HttpRequestException"/>, whatever was the matter.
    /// </summary>
    public static IHttpClientBuilder AddPatience(this IHttpClientBuilder client) => client.AddHttpMessageHandler(services => new Handler(
        new PatientCalls(Neighbourly, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<Func<double>>())));

    private sealed class Handler(PatientCalls calls) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return request.Method == HttpMethod.Post || request.Method == HttpMethod.Patch
                    ? await base.SendAsync(request, cancellationToken)
                    : await calls.Run(token => base.SendAsync(request, token), cancellationToken);
            }
            catch (TimeoutException e)
            {
                throw new HttpRequestException(e.Message, e);
            }
        }
    }
}
