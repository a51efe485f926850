using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Orchestrator.ServiceDefaults.Tests.Logging;

public sealed partial class LogTests
{
    [Fact]
    public void By_default_an_event_is_a_line_for_people()
    {
        using var written = new Written();
        LogPlaced(written.Log("Orchestrator.Placement"), "web-1-r1-a1", 3);
        LogRefused(written.Log("Orchestrator.Placement"), "worker-a");
        Assert.Equal(["12:30:15.250 web-1-r1-a1 was placed after 3 tries", "12:30:15.250 warning: worker-a refused"], written.Lines);
    }

    [Fact]
    public void Of_the_framework_only_what_went_wrong_is_told()
    {
        using var written = new Written();
        LogRefused(written.Log("Microsoft.AspNetCore"), "it");
        LogPlaced(written.Log("Microsoft.AspNetCore"), "it", 1);
        LogPlaced(written.Log("System.Net.Http"), "it", 1);
        Assert.Equal(["12:30:15.250 warning: it refused"], written.Lines);
    }

    [Fact]
    public void In_json_an_event_is_a_line_with_every_field_of_its_message()
    {
        var seen = Json(log => LogPlaced(log, "web-1-r1-a1", 3));
        Assert.Equal("Information", seen.GetProperty("LogLevel").GetString());
        Assert.Equal("Orchestrator.Placement", seen.GetProperty("Category").GetString());
        Assert.Equal("web-1-r1-a1 was placed after 3 tries", seen.GetProperty("Message").GetString());
        Assert.Equal("web-1-r1-a1", seen.GetProperty("State").GetProperty("Instance").GetString());
        Assert.Equal(3, seen.GetProperty("State").GetProperty("Tries").GetInt32());
        Assert.Equal(TimeSpan.Zero, seen.GetProperty("Timestamp").GetDateTimeOffset().Offset);
    }

    [Fact]
    public void In_json_an_exception_stays_on_the_line()
    {
        var seen = Json(log => LogFailed(log, new InvalidOperationException("the disk\nis full")));
        Assert.Contains("the disk\nis full", seen.GetProperty("Exception").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public void In_json_an_event_names_its_trace_and_span()
    {
        using var activity = new Activity("turn").Start();
        var scopes = Json(log => LogPlaced(log, "web-1-r1-a1", 3)).GetProperty("Scopes").EnumerateArray().ToList();
        Assert.Equal(activity.TraceId.ToHexString(), Assert.Single(scopes).GetProperty("TraceId").GetString());
        Assert.Equal(activity.SpanId.ToHexString(), scopes[0].GetProperty("SpanId").GetString());
    }

    private static JsonElement Json(Action<ILogger> log)
    {
        using var written = new Written(("LOG_FORMAT", "json"));
        log(written.Log("Orchestrator.Placement"));
        return JsonDocument.Parse(Assert.Single(written.Lines)).RootElement;
    }

    [LoggerMessage(LogLevel.Information, "{Instance} was placed after {Tries} tries")]
    private static partial void LogPlaced(ILogger log, string instance, int tries);

    [LoggerMessage(LogLevel.Warning, "{Worker} refused")]
    private static partial void LogRefused(ILogger log, string worker);

    [LoggerMessage(LogLevel.Error, "It failed")]
    private static partial void LogFailed(ILogger log, Exception e);
}
