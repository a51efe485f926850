using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.ControlPlane.Door;
using Orchestrator.ControlPlane.Tests.Api;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Door;

public sealed class AuditConversations : IDisposable
{
    private readonly TokenFile tokens = new("ann operator the-secret-of-ann-12345");
    private readonly string log = Path.Combine(Path.GetTempPath(), $"audit-{Guid.NewGuid():N}");

    public void Dispose()
    {
        tokens.Dispose();
        File.Delete(log);
    }

    [Fact]
    public async Task Each_change_and_each_refused_one_leaves_a_line_without_secrets()
    {
        await using var api = new ControlPlaneOverHttp(("API_TOKENS", tokens.Path), ("AUDIT_LOG", log));
        var ann = ("Authorization", "Bearer the-secret-of-ann-12345");
        await api.Ask("POST /services/web?why=the%20launch%0A{}", """{"image":"web:1","env":{"PASSWORD":"hunter2"}}""", ann);
        await api.Ask("PUT /services/web?dryRun=true", """{"instances":3}""", ann);
        await api.Ask("DELETE /services/other?token=hunter2", null, ann);
        await api.Ask("DELETE /services/web");
        await api.Ask("GET /services/web", null, ann);
        await api.Ask("GET /backup?why=monthly", null, ann);
        await api.Ask("GET /backup", null, ann);

        var lines = await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "ann POST /services/web 'the launch\n{}'  201", "ann PUT /services/web '' true 200",
                "ann DELETE /services/other ''  400", "unknown DELETE /services/web ''  401",
                "ann GET /backup 'monthly'  400", "ann GET /backup ''  200",
            ],
            lines.Select(line => JsonNode.Parse(line)!).Select(it =>
                $"{it["who"]} {it["what"]} '{it["why"]}' {it["dryRun"]} {it["outcome"]}"));
        Assert.All(lines, line => Assert.Equal(
            (api.Clock.GetUtcNow(), true),
            (JsonNode.Parse(line)!["at"]!.GetValue<DateTimeOffset>(), $"{JsonNode.Parse(line)!["request"]}".Length > 0)));
        Assert.DoesNotContain("hunter2", string.Concat(lines), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", string.Concat(lines), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(log));
    }

    [Fact]
    public void Without_a_file_it_is_in_the_log()
    {
        var book = new Logbook<AuditLog>();
        new AuditLog(null, book).Write(new(DateTimeOffset.UnixEpoch, "ann", "DELETE /services/web", null, false, 202, "r1"));
        Assert.Equal(
            ["""Information: {"at":"1970-01-01T00:00:00+00:00","who":"ann","what":"DELETE /services/web","outcome":202,"request":"r1"}"""],
            book.Lines);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_refused_at_start() => Assert.StartsWith(
        "AUDIT_LOG: ",
        Assert.Throws<ValidationException>(() => new AuditLog("/nowhere/audit", NullLogger.Instance)).Message,
        StringComparison.Ordinal);
}
