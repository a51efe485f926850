using System.Net;
using System.Text.Json;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>What Docker's refusals mean to us. It has few status codes and says the rest in words.</summary>
internal static class EngineFaults
{
    public static EngineException Of(HttpStatusCode status, string? body, Exception? inner = null)
    {
        var message = MessageIn(body) ?? $"HTTP {(int)status}";
        if (Has(message, "docker-init")) message = $"its engine has no init program, which the service asks for with init: {message}";
        return new(FaultOf(status, message), message, inner);
    }

    /// <summary>There is no way to it at present.</summary>
    public static EngineException Away(string engine, Exception e) =>
        new(EngineFault.Away, $"the engine at {engine} cannot be reached: {e.GetBaseException().Message}", e);

    private static EngineFault FaultOf(HttpStatusCode status, string message) => (status, message) switch
    {
        (HttpStatusCode.NotFound, _) when Has(message, "No such image") => EngineFault.NoImage,
        (HttpStatusCode.NotFound, _) when Has(message, "No such container") => EngineFault.NoContainer,
        (HttpStatusCode.Conflict, _) when Has(message, "is already in use by container") => EngineFault.NameTaken,
        _ when Has(message, "port is already allocated") || Has(message, "address already in use") => EngineFault.PortTaken,
        _ when Has(message, "no space left on device") || Has(message, "disk quota exceeded") => EngineFault.NoSpace,
        // That a command cannot be run is no fault of the engine, whatever status it gives.
        ( >= HttpStatusCode.InternalServerError, _) when !Has(message, "unable to start container process") => EngineFault.Broken,
        _ => EngineFault.Refused,
    };

    private static bool Has(string message, string part) => message.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static string? MessageIn(string? body)
    {
        if (string.IsNullOrWhiteSpace(body)) return null;
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("message", out var message) ? message.GetString()?.Trim() : body.Trim();
        }
        catch (JsonException)
        {
            return body.Trim();
        }
    }
}
