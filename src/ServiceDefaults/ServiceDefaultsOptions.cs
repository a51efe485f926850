using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Orchestrator.ServiceDefaults.Logging;

namespace Orchestrator.ServiceDefaults;

/// <summary>The knobs that every process has. Names in brackets are the environment variables.</summary>
internal sealed record ServiceDefaultsOptions
{
    /// <summary>How the log is written (LOG_FORMAT): <c>text</c> for people (default), <c>json</c> for machines.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>Where traces and metrics are sent (OTEL_EXPORTER_OTLP_ENDPOINT); none by default, and then no trace is made.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <exception cref="ValidationException">A setting is wrong; the message names it and what is allowed.</exception>
    public static ServiceDefaultsOptions Read(IConfiguration configuration) => new()
    {
        LogFormat = configuration["LOG_FORMAT"] switch
        {
            null or "" or "text" => LogFormat.Text,
            "json" => LogFormat.Json,
            var other => throw new ValidationException($"LOG_FORMAT is 'text' or 'json', not '{other}'."),
        },
        OtlpEndpoint = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] switch
        {
            null or "" => null,
            var text when Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" => uri,
            var other => throw new ValidationException(
                $"OTEL_EXPORTER_OTLP_ENDPOINT is an address like 'http://localhost:4317', not '{other}'."),
        },
    };
}
