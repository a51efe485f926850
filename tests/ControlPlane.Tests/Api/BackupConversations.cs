using System.Text.Json.Nodes;
using Orchestrator.Contracts.Instances;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>All that is decided is fetched as one document and put back, here into a cluster whose store is empty.</summary>
public sealed class BackupConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp before = new();
    private readonly ControlPlaneOverHttp after = new();

    public async ValueTask DisposeAsync()
    {
        await before.DisposeAsync();
        await after.DisposeAsync();
    }

    [Fact]
    public async Task What_runs_is_adopted_by_what_is_restored_and_nothing_is_begun_or_ended()
    {
        var backup = await Backup("""{"image":"web:1","instances":2}""", "a", "b");
        foreach (var worker in new[] { "a", "b" }) await after.Renew(worker, instances: 1, services: "web");

        var plan = await after.Ask("PUT /restore?dryRun=true", backup);
        Assert.Equal(["services web adopted it has instances on a, b"], Items(plan));
        Assert.Equal("404 there is no service 'web'", (await after.Ask("GET /services/web")).Words);

        Assert.Equal(["services web adopted it has instances on a, b"], Items(await after.Ask("PUT /restore?why=lost", backup)));
        Assert.Equal(
            new[] { "a", "b" }.Select(it => $"{it} may have instances of web, and has not told yet what it has"),
            Waiting(await after.Ask("GET /services/web")));
        Assert.Contains(after.Store.Published, it => it.Service == "web");
        Assert.Empty(after.Workers.Orders);

        await after.Tell("b", "web", ("web-1-r1-a1", Phase.Running));
        await after.Tell("a", "web", ("web-2-r1-a1", Phase.Running));
        var service = await after.Ask("GET /services/web");
        Assert.Equal(["web-1-r1-a1 b running", "web-2-r1-a1 a running"], service.Each("instances", "name", "worker", "phase"));
        Assert.Empty(Waiting(service));
        Assert.Empty(after.Workers.Orders);
        Assert.Equal(
            ["created created as revision 1: web:1, 2 instances", "created restored from a backup, at revision 1"],
            (await after.Ask("GET /services/web/history")).Each("events", "kind", "what"));
    }

    [Fact]
    public async Task What_runs_no_longer_begins_again_once_everybody_has_told_and_what_came_since_ends()
    {
        var backup = await Backup("""{"image":"web:1","instances":2}""", "a", "b");
        foreach (var worker in new[] { "a", "b" }) await after.Renew(worker);
        Assert.Equal(["services web created "], Items(await after.Ask("PUT /restore", backup)));

        await after.Tell("b", "web", ("web-1-r2-a1", Phase.Running));
        Assert.Empty(after.Workers.Orders);
        await after.Tell("a", "web", ("web-2-r1-a1", Phase.Running));
        Assert.Equal(["stop web-1-r2-a1 on b", "run web-1-r1-a1 on b"], after.Workers.Orders.Select(Words));
    }

    [Fact]
    public async Task Of_two_of_one_name_that_differ_the_one_that_is_there_stays_unless_told_otherwise()
    {
        var backup = await Backup("""{"image":"web:1"}""", "a");
        await before.Ask("POST /services/more", """{"image":"more:1"}""");
        Assert.Equal(["services web unchanged "], Items(await before.Ask("PUT /restore", backup)));

        await before.Ask("PUT /services/web", """{"image":"web:2"}""");
        const string Refused =
            "services web refused there is a service web, at revision 2, and it differs: image web:2 to web:1";
        foreach (var request in new[] { "PUT /restore?dryRun=true", "PUT /restore" })
            Assert.Equal([Refused], Items(await before.Ask(request, backup)));
        Assert.Equal(["services web replaced "], Items(await before.Ask("PUT /restore?dryRun=true&replace=true", backup)));
        Assert.Equal("web:2", $"{(await before.Ask("GET /services/web"))["spec"]["image"]}");

        Assert.Equal(["services web replaced "], Items(await before.Ask("PUT /restore?replace=true", backup)));
        var web = await before.Ask("GET /services/web");
        Assert.Equal(("web:1", "3"), ($"{web["spec"]["image"]}", $"{web["revision"]}"));
        Assert.Equal("200", (await before.Ask("GET /services/more")).Words);
    }

    [Fact]
    public async Task What_was_deleted_since_goes_on_with_its_numbers_and_what_is_going_is_not_kept()
    {
        var backup = await Backup("""{"image":"web:1"}""", "a");
        await before.Ask("PUT /services/web", """{"image":"web:2"}""");
        await before.Ask("DELETE /services/web");
        Assert.Empty(Services(await before.Ask("GET /backup")));
        for (var round = 0; round < 4; round++) await before.CarryOut();
        Assert.Equal("404 there is no service 'web'", (await before.Ask("GET /services/web")).Words);

        Assert.Equal(["services web created "], Items(await before.Ask("PUT /restore", backup)));
        await before.Ask("PUT /services/web", """{"image":"web:3"}""");
        Assert.Equal("3", $"{(await before.Ask("GET /services/web"))["revision"]}");
    }

    [Theory]
    [InlineData("""{"schema":2}""", "schema", "is 2; this master knows 1 to 1: update it")]
    [InlineData("""{"parts":[{"name":"wishes","schema":1,"items":[]}]}""", "parts[0].name",
        "is no part that this master knows; it knows secrets, configs, registries, stacks, services")]
    [InlineData("""{"parts":[{"name":"services","schema":7,"items":[]}]}""", "parts[0].schema",
        "is 7; this master knows 1 to 1: update it")]
    [InlineData("""{"parts":[{"name":"services","schema":1,"items":[{"name":"web","content":5}]}]}""", "parts[0].items[0].content",
        "is required, and an object")]
    public async Task A_document_that_is_not_understood_is_refused_as_a_whole(string change, string field, string reason)
    {
        var document = JsonNode.Parse("""{"schema":1,"at":"2026-01-01T12:00:00Z","by":"master-a","parts":[]}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject()) document[name] = value?.DeepClone();
        var answer = await after.Ask("PUT /restore", document.ToJsonString());
        Assert.Equal((400, $"{field}: {reason}"), (answer.Status, answer.Errors.First()));
    }

    [Theory]
    [InlineData("other", "{}", "it is the record of 'web'")]
    [InlineData("we.b", "{}", "consists of lower-case letters")]
    [InlineData("web", """{"epoch":9223372036854775807}""", "its epoch 9223372036854775807 is absurd")]
    [InlineData("web", """{"revision":9}""", "its revision 9 of 1 is absurd")]
    [InlineData("web", """{"revisions":[]}""", "its revision 1 is missing")]
    [InlineData("web", """{"withdrawn":true}""", "it was withdrawn when the backup was made")]
    [InlineData("web", """{"spec":{"image":""}}""", "its spec cannot be: image: ")]
    [InlineData("web", """{"instances":7}""", "it is no record of a service: ")]
    public async Task A_record_that_cannot_be_is_refused_and_the_others_are_restored(string name, string change, string reason)
    {
        var backup = JsonNode.Parse(await Backup("""{"image":"web:1"}""", "a"))!;
        var items = Services(backup["parts"]!);
        var good = items[0]!.DeepClone();
        (good["name"], good["content"]!["name"]) = ("good", "good");
        items[0]!["name"] = name;
        foreach (var (field, value) in JsonNode.Parse(change)!.AsObject()) items[0]!["content"]![field] = value?.DeepClone();
        items.Add(good);

        var answer = Items(await after.Ask("PUT /restore", backup.ToJsonString()));
        Assert.Contains(" refused ", answer[0], StringComparison.Ordinal);
        Assert.Contains(reason, answer[0], StringComparison.Ordinal);
        Assert.Equal("services good created ", answer[1]);
    }

    [Fact]
    public async Task A_store_that_is_away_is_said_and_nothing_is_half_made()
    {
        await before.Ask("POST /services/web", """{"image":"web:1"}""");
        before.Store.Before = what => what == "read" ? throw new global::Dapr.DaprException("no store") : Task.CompletedTask;
        Assert.Equal("503 the state store does not answer: no store", (await before.Ask("GET /backup")).Words);
    }

    /// <summary>Of a cluster with one service that runs.</summary>
    private async Task<string> Backup(string spec, params string[] workers)
    {
        foreach (var worker in workers) await before.Renew(worker);
        await before.Ask("POST /services/web", spec);
        await before.CarryOut();
        var answer = await before.Ask("GET /backup");
        Assert.Equal(("1", "master-a"), ($"{answer["schema"]}", $"{answer["by"]}"));
        return answer.Json!.ToJsonString();
    }

    private static List<string> Items(Answer answer) => [.. answer.Each("items", "part", "name", "outcome", "reason")];

    private static JsonArray Services(Answer backup) => Services(backup["parts"]);

    private static JsonArray Services(JsonNode parts) =>
        parts.AsArray().Single(part => $"{part!["name"]}" == "services")!["items"]!.AsArray();

    private static IEnumerable<string> Waiting(Answer service) => service["waiting"].AsArray().Select(it => $"{it}");

    private static string Words((string Worker, Order Order) it) =>
        $"{(it.Order is RunInstance ? "run" : it.Order is StopInstance ? "stop" : "forget")} {it.Order.Instance} on {it.Worker}";
}
