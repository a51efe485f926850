using System.Text.Json.Nodes;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.Core.Tests.Wishes;

/// <summary>What can be said of a job, and what cannot.</summary>
public sealed class JobWishExamples
{
    [Theory]
    [InlineData("""{"mode":"job"}""", "")]
    [InlineData("""{"mode":"job","completions":5,"parallelism":2,"attempts":1,"deadline":"1h","keep":0}""", "")]
    [InlineData("""{"mode":"job","schedule":"0 3 * * *","timeZone":"Europe/Berlin","overlap":"replace","startDeadline":"1h"}""", "")]
    [InlineData("""{"mode":"job","instances":1}""", "")]
    [InlineData("""{"mode":"job","instances":3}""", "instances: is not for a job: completions says how often its work is to be done")]
    [InlineData("""{"completions":3}""", "completions: is for a job only, which has mode job")]
    [InlineData("""{"mode":"global","schedule":"0 3 * * *"}""", "schedule: is for a job only, which has mode job")]
    [InlineData("""{"mode":"job","completions":0}""", "completions: is 0; allowed are 1 to 5,000")]
    [InlineData("""{"mode":"job","parallelism":0}""", "parallelism: is 0; allowed are 1 to 5,000")]
    [InlineData("""{"mode":"job","attempts":0}""", "attempts: is 0; allowed are 1 to 1,000")]
    [InlineData("""{"mode":"job","keep":101}""", "keep: is 101; allowed are 0 to 100")]
    [InlineData("""{"mode":"job","deadline":"0s"}""", "deadline: is 0s; allowed are 1s to 720h")]
    [InlineData("""{"mode":"job","timeZone":"UTC"}""", "timeZone: needs a schedule")]
    [InlineData("""{"mode":"job","startDeadline":"1h"}""", "startDeadline: needs a schedule")]
    [InlineData("""{"mode":"job","schedule":"0 0 30 2 *"}""", "schedule: names no moment that ever comes")]
    [InlineData("""{"mode":"job","schedule":"0 3 * * *","timeZone":"Mars"}""",
        "timeZone: 'Mars' is none that is known here, such as UTC or Europe/Berlin")]
    [InlineData("""{"mode":"job","schedule":"0 3 * * *","startDeadline":"25h"}""", "startDeadline: is 25h; allowed are 1s to 24h")]
    [InlineData("""{"mode":"job","restart":{"condition":"never"}}""",
        "restart.condition: is not for a job: it is tried again as often as attempts says")]
    [InlineData("""{"mode":"job","restart":{"attempts":3}}""", "restart.attempts: is not for a job: attempts says how often a slot may fail")]
    [InlineData("""{"mode":"job","rebalance":"auto"}""", "rebalance: is not for a job: what it runs is left where it is to its end")]
    public void Is_accepted_or_refused_by_field(string fields, string problems)
    {
        var (spec, unread) = SpecFields.Merge(new() { Container = new() { Image = "job:1" } }, JsonNode.Parse(fields)!.AsObject());
        var found = unread.Count > 0 ? unread : SpecValidation.Problems(spec);
        Assert.Equal(problems, string.Join("; ", found.Select(it => $"{it.Field}: {it.Reason}")));
    }

    [Fact]
    public void Only_what_was_said_is_told_again()
    {
        var json = System.Text.Json.JsonSerializer.Serialize(
            new ServiceSpec { Container = new() { Image = "web:1" } }, Contracts.ContractsJson.Options);
        Assert.DoesNotContain("completions", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\"job\"", json, StringComparison.Ordinal);
    }
}
