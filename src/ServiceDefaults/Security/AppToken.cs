using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Orchestrator.ServiceDefaults.Telemetry;

namespace Orchestrator.ServiceDefaults.Security;

/// <summary>What is there for the sidecar is refused to everybody else: Dapr shows the app's token with each of its calls.</summary>
public static class AppToken
{
    /// <summary>Where Dapr puts it.</summary>
    public const string Header = "dapr-api-token";

    private const string Variable = "APP_API_TOKEN";

    /// <summary>Asks for the token where APP_API_TOKEN is set, but for health and metrics.</summary>
    /// <param name="isForDapr">Which requests are the sidecar's; all of them when it is left out.</param>
    public static void UseAppToken(this WebApplication app, Func<HttpContext, bool>? isForDapr = null)
    {
        if (app.Configuration[Variable] is not { Length: > 0 } token) return;
        var expected = Encoding.UTF8.GetBytes(token);
        app.UseWhen(
            context => !QuietPaths.Contain(context.Request.Path) && (isForDapr?.Invoke(context) ?? true),
            guarded => guarded.Use((context, next) => IsShown(context.Request, expected) ? next(context) : Refuse(context.Response)));
    }

    private static bool IsShown(HttpRequest request, byte[] expected) =>
        request.Headers[Header] is [{ } shown] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), expected);

    private static Task Refuse(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status401Unauthorized;
        return response.WriteAsync($"Only the sidecar is answered here: {Header} must be the {Variable} of this application.");
    }
}
