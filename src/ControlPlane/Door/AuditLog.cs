using System.ComponentModel.DataAnnotations;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Orchestrator.ControlPlane.Api;

namespace Orchestrator.ControlPlane.Door;

/// <summary>One line for each change that somebody asked for. Bodies are not in it: they may hold secrets.</summary>
/// <param name="Who">Name of the token, or the caller's address.</param>
/// <param name="What">Verb and path.</param>
/// <param name="Outcome">HTTP status of the answer.</param>
/// <param name="Request">The id by which the master's log and traces know the request.</param>
internal sealed record AuditEntry(DateTimeOffset At, string Who, string What, string? Why, bool DryRun, int Outcome, string Request);

/// <summary>Writes them to a file, or without one to the log, category <c>Audit</c>.</summary>
internal sealed partial class AuditLog
{
    public const string Category = "Audit";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock gate = new();
    private readonly string? path;
    private readonly ILogger log;

    /// <exception cref="ValidationException">The file cannot be written.</exception>
    public AuditLog(string? path, ILogger log)
    {
        (this.path, this.log) = (path, log);
        try
        {
            Append("");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ValidationException($"AUDIT_LOG: {e.Message}");
        }
    }

    public void Write(AuditEntry entry)
    {
        var line = JsonSerializer.Serialize(entry, Json);
        try
        {
            Append(line + "\n");
            if (path is null) LogEntry(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The change has been made; its trace must not be lost.
            LogUnwritten(e.Message, line);
        }
    }

    /// <summary>The file is opened each time, so that it can be rotated.</summary>
    private void Append(string text)
    {
        if (path is null) return;
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        lock (gate)
        {
            using var file = new StreamWriter(path, options);
            file.Write(text);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Entry}")]
    private partial void LogEntry(string entry);

    [LoggerMessage(LogLevel.Error, "The audit log cannot be written ({Error}): {Entry}")]
    private partial void LogUnwritten(string error, string entry);
}

/// <summary>Looking at it leaves a line as well.</summary>
internal sealed record Audited;

/// <summary>It leaves a line before it is done as well, for it may last: one with outcome 0.</summary>
internal sealed record AuditedAtOnce;

/// <summary>Whatever its verb, it is no change: what is changed by way of it is asked of the API, and leaves its line there.</summary>
internal sealed record Unaudited;

internal static class AuditLogSetup
{
    private static bool IsAudited(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<Unaudited>() is not null) return false;
        return !Roles.IsLook(context.Request.Method) || metadata?.GetMetadata<Audited>() is not null;
    }

    /// <summary>Who it is is found out later; here it is asked for ahead of that.</summary>
    private static async Task<string> Whom(HttpContext context) =>
        context.RequestServices.GetService<ApiTokens>() is null ? ServiceCalls.Who(context.Request)
        : (await context.AuthenticateAsync()).Principal?.Identity?.Name ?? ServiceCalls.Who(context.Request);

    /// <summary>Comes first, so that it sees what everything else made of the request.</summary>
    public static void UseAuditLog(this WebApplication app)
    {
        var (log, clock) = (app.Services.GetRequiredService<AuditLog>(), app.Services.GetRequiredService<TimeProvider>());
        app.UseWhen(context => Entrances.Of(context) is Entrance.Public && IsAudited(context), audited =>
            audited.Use(async (context, next) =>
            {
                var request = context.Request;
                var entry = new AuditEntry(
                    clock.GetUtcNow(), "", $"{request.Method} {request.Path}", request.Query["why"].FirstOrDefault(),
                    bool.TryParse(request.Query["dryRun"], out var dry) && dry, 0, context.TraceIdentifier);
                if (request.Query["command"].FirstOrDefault() is { } command) entry = entry with { What = $"{entry.What} {command}" };
                if (context.GetEndpoint()?.Metadata.GetMetadata<AuditedAtOnce>() is not null)
                    log.Write(entry with { Who = await Whom(context) });
                await next(context);
                log.Write(entry with { Who = ServiceCalls.Who(request), Outcome = context.Response.StatusCode });
            }));
    }
}
