using System.Net;
using System.Text;
using Orchestrator.Client;
using Orchestrator.Client.Looking;
using Orchestrator.Client.Problems;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>The typed client and the real program understand each other.</summary>
public sealed class ClientConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();
    private readonly OrchestratorClient client;

    public ClientConversations() => client = new(new OrchestratorClientOptions
    {
        Servers = [new("http://localhost")], Handler = api.Server.CreateHandler(), Patience = TimeSpan.Zero,
        OpenSocket = (url, _, cancel) => api.Server.CreateWebSocketClient().ConnectAsync(url, cancel),
    });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await api.DisposeAsync();
    }

    [Fact]
    public async Task A_service_is_planned_created_changed_as_it_was_seen_and_withdrawn()
    {
        await api.Renew("a");
        var spec = new ServiceSpec { Container = new() { Image = "web:1", Ports = [new(80)] }, Instances = 2 };
        Assert.Equal(2, (await client.Services.Plan("web", new CreateService(spec), cancel: Cancel)).Steps.Count(it => it.Kind == "run"));
        Assert.Null(await client.Services.Find("web", Cancel));

        var made = await client.Services.Create("web", spec, new() { Why = "to see", IfNoneMatch = "*" }, Cancel);
        Assert.Equal(spec, made.Service.Spec);
        await api.CarryOut();
        var seen = await client.Services.GetTagged("web", Cancel);
        Assert.Equal((2, made.Tag), (seen.Service.Running, seen.Tag));

        await client.Services.Scale("web", 3, new() { IfMatch = seen.Tag }, Cancel);
        var overtaken = await Assert.ThrowsAsync<ProblemException>(
            () => client.Services.Scale("web", 4, new() { IfMatch = seen.Tag }, Cancel));
        Assert.Equal(HttpStatusCode.PreconditionFailed, overtaken.Status);

        Assert.Equal([1, 2, 3], await client.Services.ExplainSlots("web", cancel: Cancel).Select(it => it.Slot).ToListAsync(Cancel));
        Assert.Contains((await client.Services.History("web", Cancel)).Events, it => it.Kind == HistoryKind.Created);
        Assert.Equal(["web"], await client.Services.List(cancel: Cancel).Select(it => it.Name).ToListAsync(Cancel));
        Assert.Equal("web", (await client.Services.Endpoints("web", Cancel)).Service);
        Assert.True((await client.Services.Withdraw("web", cancel: Cancel)).Service.Withdrawing);
    }

    [Fact]
    public async Task What_cannot_be_accepted_is_told_by_field()
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(
            () => client.Services.Create("web", new() { Container = new() { Image = "" }, Instances = -1 }, cancel: Cancel));
        Assert.Equal(["image", "instances"], problem.Errors.Select(it => it.Field).Order());
    }

    [Fact]
    public async Task Secrets_configs_registries_and_backups_come_and_go()
    {
        await client.Secrets.Set("password", new SecretValue { Value = "x" }, cancel: Cancel);
        await client.Configs.Set("page", new ConfigValue { Value = "hello" }, "because", Cancel);
        var login = new RegistryLogin { Username = "u", PasswordSecret = "password" };
        Assert.Equal("set", Assert.Single((await client.Registries.PlanSet("registry.example.com", login, Cancel)).Steps).Kind);
        Assert.Empty(await client.Registries.List(Cancel));
        await client.Registries.Set("registry.example.com", login, cancel: Cancel);
        Assert.Equal(["registry.example.com"], (await client.Secrets.Get("password", Cancel)).UsedBy.Select(it => it.Registry));
        Assert.Equal("hello", (await client.Configs.Get("page", Cancel)).Value);
        Assert.True((await client.Backups.Restore(await client.Backups.Get(Cancel), dryRun: true, cancel: Cancel)).DryRun);
        Assert.Equal("delete", Assert.Single((await client.Registries.PlanDelete("registry.example.com", Cancel)).Steps).Kind);
        await client.Registries.Delete("registry.example.com", cancel: Cancel);
        Assert.Equal("delete", Assert.Single((await client.Secrets.PlanDelete("password", Cancel)).Steps).Kind);
        await client.Secrets.Delete("password", cancel: Cancel);
        Assert.Empty(await client.Secrets.List(Cancel));
    }

    [Fact]
    public async Task A_dry_run_of_a_new_version_names_who_would_be_rolled_and_who_stays()
    {
        await api.Renew("a");
        var first = new SecretValue { Value = "one" };
        Assert.Equal("it would be version 1", Assert.Single((await client.Secrets.PlanSet("pw", first, Cancel)).Steps).Reason);
        await client.Secrets.Set("pw", first, cancel: Cancel);
        foreach (var (name, rotate) in new[] { ("web", Rotation.Auto), ("api", Rotation.Manual) })
        {
            await client.Services.Create(
                name, new() { Container = new() { Image = "web:1", Secrets = [new("pw", Rotate: rotate)] } }, cancel: Cancel);
        }

        var plan = await client.Secrets.PlanSet("pw", new SecretValue { Value = "two" }, Cancel);
        Assert.Equal(["set pw", "roll web"], plan.Steps.Select(it => $"{it.Kind} {it.Instance}"));
        Assert.Equal(["api stays with version 1, because it says rotate: manual"], plan.Waiting);
        Assert.Equal(1, (await client.Secrets.Get("pw", Cancel)).Version);
        Assert.Empty((await client.Secrets.PlanSet("pw", first, Cancel)).Steps);
    }

    [Fact]
    public async Task Events_that_are_kept_are_told_and_end()
    {
        await api.Renew("a");
        await client.Services.Create("web", new() { Container = new() { Image = "web:1" } }, cancel: Cancel);
        await using (var following = client.Events.Follow("start", cancel: Cancel).GetAsyncEnumerator(Cancel))
        {
            var next = following.MoveNextAsync().AsTask();
            await api.Clock.PassUntil(next);
        }

        var kept = client.Events.Kept(cancel: Cancel).ToListAsync(Cancel).AsTask();
        await api.Clock.PassUntil(kept);
        Assert.Contains(await kept, it => it.Event.Service == "web");
        var none = client.Events.Kept((await kept)[^1].Id, cancel: Cancel).ToListAsync(Cancel).AsTask();
        await api.Clock.PassUntil(none);
        Assert.Empty(await none);
    }

    [Fact]
    public async Task Members_are_listed_and_drained()
    {
        await api.Renew("a");
        await client.Workers.Drain("a", Cancel);
        Assert.True((await client.Workers.DrainAndWait("a", 5, Cancel)).Empty);
        Assert.True((await client.Members.List(Cancel)).Members.Single(it => it.Name == "a").Draining);
        Assert.Single((await client.Workers.PlanUndrain("a", Cancel)).Steps);
        await client.Workers.Undrain("a", Cancel);
        Assert.Equal(
            "no worker is named 'b'", (await Assert.ThrowsAsync<ProblemException>(() => client.Workers.Drain("b", Cancel))).Message);
    }

    [Fact]
    public async Task Events_are_followed_from_the_start()
    {
        await using var events = client.Events.Follow("start", cancel: Cancel).GetAsyncEnumerator(Cancel);
        await api.Renew("a");
        await client.Services.Create("web", new() { Container = new() { Image = "web:1" } }, cancel: Cancel);
        List<string> told = [];
        while (!told.Any(it => it.Contains("web", StringComparison.Ordinal)))
        {
            var next = events.MoveNextAsync().AsTask();
            await api.Clock.PassUntil(next);
            Assert.True(await next);
            told.Add(events.Current.Event.What);
        }
    }

    [Fact]
    public async Task Lines_are_told_and_a_program_is_talked_to()
    {
        var (logs, exec) = (new FakeLogs(api.Lines), new FakeExec(api.Lines));
        await api.Renew("a");
        await client.Services.Create("web", new() { Container = new() { Image = "web:1" } }, cancel: Cancel);
        await api.CarryOut();
        logs.Write("a", "web-1-r1-a1", 1, "one");
        logs.Write("a", "web-1-r1-a1", 2, "two", LogStream.Stderr);
        Assert.Equal(["one", "two"], await client.Services.Logs("web", cancel: Cancel).Select(it => it.Line).ToListAsync(Cancel));
        Assert.Equal(
            ["two"], await client.Instances.Logs("web-1-r1-a1", new() { Stream = LogStream.Stderr }, Cancel).Select(it => it.Line)
                .ToListAsync(Cancel));

        await using var session = await client.Instances.Talk("web-1-r1-a1", new(["sh", "-i"]) { Terminal = true, Columns = 100 }, Cancel);
        await session.Resize(132, 43, Cancel);
        await session.Type(Encoding.UTF8.GetBytes("hello"), Cancel);
        List<string> written = [];
        await foreach (var piece in session.Output(Cancel))
        {
            written.Add($"{piece.IsError} {Encoding.UTF8.GetString(piece.Bytes.Span)}");
            await session.Type(written.Count == 1 ? "!wrong"u8.ToArray() : "exit 7"u8.ToArray(), Cancel);
        }

        Assert.Equal(["False hello", "True !wrong"], written);
        Assert.Equal((7, null), (session.ExitCode, session.Trouble));
        Assert.Equal(["start sh -i in web-1-r1-a1 100x24", "resize 132x43"], exec.Done.Take(2));
        Assert.Equal("hello", (await client.Instances.Run("web-1-r1-a1", new(["cat"]) { Input = "hello" }, Cancel)).Output);
    }
}
