using System.Globalization;
using Spectre.Console;

namespace LocalDapr.Launch;

/// <summary>What <c>status</c> prints for people.</summary>
internal static class StatusTable
{
    public static Table Of(RunStatus status, DateTimeOffset now)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in new[] { "app", "app id", "port", "dapr http", "dapr grpc", "state", "pid", "restarts", "up", "why" })
            table.AddColumn(new TableColumn(column).NoWrap());
        foreach (var app in status.Apps)
        {
            table.AddRow(
            [
                .. new[]
                {
                    app.Name, app.AppId, Port(app.AppPort), Port(app.DaprHttpPort), Port(app.DaprGrpcPort),
                    app.State.ToString().ToLowerInvariant(), app.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-",
                    app.Restarts.ToString(CultureInfo.InvariantCulture), app.Since is { } since ? Span(now - since) : "-", app.Detail ?? "",
                }.Select(cell => new Text(cell)),
            ]);
        }

        return table;
    }

    private static string Port(int port) => port > 0 ? port.ToString(CultureInfo.InvariantCulture) : "-";

    private static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => $"{span.TotalSeconds:0} s",
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min {span.Seconds} s",
        { TotalHours: < 24 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} d {span.Hours} h",
    };
}
