using Orchestrator.Contracts.Content;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>Secrets, configs, registries, and which bytes a service runs.</summary>
public sealed class ContentConversations : IAsyncDisposable
{
    private const string Secret = "hunter2-and-more";
    private const string Digest = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

    private readonly ControlPlaneOverHttp api = new();
    private readonly List<string> answers = [];

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_secret_comes_in_and_never_goes_out()
    {
        await api.Renew("a");
        Assert.Equal("200", (await Ask("PUT /secrets/db", $$"""{"value":"{{Secret}}"}""")).Words);
        Assert.Equal("200", (await Ask("PUT /registries/r.test:5000", $$"""{"username":"u","password":"{{Secret}}"}""")).Words);
        Assert.Equal("201", (await Ask("POST /services/web",
            """{"image":"web:1","secrets":["db"],"envFrom":[{"source":"db","name":"P"}]}""")).Words);
        Assert.Equal(["web 1"], (await Ask("GET /secrets/db")).Each("usedBy", "service", "version"));
        string[] questions =
        [
            "GET /secrets", "GET /registries", "GET /registries/r.test:5000", "GET /services", "GET /services/web",
            "GET /services/web/history", "GET /services/web/explain", "POST /services/web/restart?dryRun=true",
            "DELETE /secrets/db", "PUT /secrets/db", "GET /secrets/nope", "GET /backup",
        ];
        foreach (var question in questions) await Ask(question);
        // What is wrong about a value is said without it.
        await Ask("PUT /secrets/db", $$"""{"value":{"it":"{{Secret}}"} }""");
        await Ask("PUT /secrets/db", $$"""{"value":"{{Secret}}","base64":"{{Secret}}"}""");
        await Ask("PUT /secrets/db", $$"""{"base64":"{{Secret}}!"}""");
        await Ask("PUT /secrets/db", $$"""{"value":"{{Secret}}" """);
        Assert.DoesNotContain(answers, it => it.Contains(Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, api.Store.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("hunter2-and-more"u8), api.Store.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain(api.Workers.Orders, it => $"{it.Order}".Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_new_version_rolls_who_follows_and_names_who_stays()
    {
        await api.Renew("a");
        await Ask("PUT /configs/site", """{"value":"one"}""");
        await Ask("POST /services/web", """{"image":"web:1","configs":["site"]}""");
        await Ask("POST /services/slow", """{"image":"web:1","configs":[{"source":"site","rotate":"manual"}]}""");
        var changed = await Ask("PUT /configs/site", """{"value":"two"}""");
        Assert.Equal(("2", "web", "slow"), ($"{changed["version"]}", $"{changed["rolls"][0]}", $"{changed["stays"][0]}"));
        Assert.Equal("2", $"{(await Ask("GET /services/web"))["revision"]}");
        Assert.Equal("1", $"{(await Ask("GET /services/slow"))["revision"]}");
        Assert.Equal("two", $"{(await Ask("GET /configs/site"))["value"]}");
        Assert.Equal("200", (await Ask("PUT /configs/bytes", """{"base64":"AP8="}""")).Words);
        Assert.Equal("AP8=", $"{(await Ask("GET /configs/bytes"))["base64"]}");
    }

    [Fact]
    public async Task What_is_used_is_not_deleted()
    {
        await Ask("PUT /secrets/db", """{"value":"one"}""");
        await Ask("POST /services/web", """{"image":"web:1","instances":0,"secrets":["db"]}""");
        await Ask("PUT /registries/r.test", """{"username":"u","passwordSecret":"db"}""");
        Assert.Equal("409 secret 'db' is used by service 'web', registry 'r.test'", (await Ask("DELETE /secrets/db")).Words);
        Assert.Equal("204", (await Ask("DELETE /registries/r.test")).Words);
        await Ask("PUT /services/web", """{"secrets":null}""");
        Assert.Equal("204", (await Ask("DELETE /secrets/db")).Words);
        Assert.Equal("404 there is no secret 'db'", (await Ask("GET /secrets/db")).Words);
        Assert.Equal(
            "400 secrets[0].source: there is no secret db; PUT /secrets/db makes it",
            (await Ask("PUT /services/web", """{"secrets":["db"]}""")).Words);
    }

    [Theory]
    [InlineData("PUT /registries/r.test", "{}",
        "400 username: is required, of 1 to 255 characters and without ':', unless a helper is named; "
        + "password: is required, or passwordSecret in its place")]
    [InlineData("PUT /registries/r.test", """{"helper":"pass","username":"u"}""",
        "400 helper: knows user name and password itself; name it alone")]
    [InlineData("PUT /registries/http:%2F%2Fr", "{}",
        "400 host: is the host of a registry, with its port if it has one: registry.example.com:5000")]
    [InlineData("PUT /secrets/db", "{}", "400 value: is required, or base64 in its place")]
    [InlineData("PUT /secrets/-db", """{"value":"x"}""",
        "400 name: consists of 1 to 64 letters, digits, '-', '_' and '.', and begins and ends with a letter or a digit")]
    [InlineData("POST /services/web", """{"image":"web:1","secrets":[{"source":"db","target":"../x","mode":"9"}]}""",
        "400 secrets[0].target: is an absolute path or a name, of a file, without '..'; "
        + "secrets[0].mode: is an octal number from 0000 to 7777 as a text, such as \"0400\"")]
    public async Task What_is_wrong_is_named(string request, string body, string words) =>
        Assert.Equal(words, (await Ask(request, body)).Words);

    [Theory]
    [InlineData("PUT /secrets/far")]
    [InlineData("PUT /secrets/far?dryRun=true")]
    public async Task What_its_secret_store_does_not_tell_is_refused(string request)
    {
        api.Store.KeepsSecrets = false;
        Assert.Equal("400 from: secret store vault does not tell 'db': nobody keeps it",
            (await Ask(request, """{"from":{"store":"vault","key":"db"}}""")).Words);
        api.Store.KeepsSecrets = true;
        Assert.Equal("400 from: 'db' of secret store vault has no value 'less'",
            (await Ask(request, """{"from":{"store":"vault","key":"db","field":"less"}}""")).Words);
        Assert.Equal("404 there is no secret 'far'", (await Ask("GET /secrets/far")).Words);
        Assert.Equal("200", (await Ask(request, """{"from":{"store":"vault","key":"db","field":"more"}}""")).Words);
    }

    [Fact]
    public async Task A_worker_is_asked_what_the_image_is_before_the_service_is_made()
    {
        await api.Renew("a");
        await Ask("PUT /registries/r.test", """{"username":"u","password":"p"}""");
        api.Workers.Images = (_, question) => new(new ImageSeen(question.Credentials?.Password == "p" ? Digest : null, null));
        var made = await Ask("POST /services/web", """{"image":"r.test/web:1"}""");
        Assert.Equal("a: r.test/web:1", string.Join(", ", api.Workers.AskedForImages.Select(it => $"{it.Worker}: {it.Question}")));
        Assert.Equal(Digest, $"{made["content"]["digest"]}");
        await Ask("PUT /services/web", """{"instances":2}""");
        Assert.Single(api.Workers.AskedForImages);

        var stays = await Ask("POST /services/web/restart?pull=true");
        Assert.Equal("r.test/web:1 has not moved and still is sha256:111111111111; nothing was restarted", $"{stays["notes"][0]}");
        api.Workers.Images = (_, _) => new(new ImageSeen(Digest.Replace('1', '2'), null));
        Assert.Equal("2", $"{(await Ask("POST /services/web/restart?pull=true"))["revision"]}");
        Assert.True(api.Workers.AskedForImages.Last().Question.Fresh);
    }

    [Fact]
    public async Task What_wants_no_instances_is_bound_when_it_wants_the_first_and_stays_so()
    {
        await api.Renew("a");
        api.Workers.Images = (_, _) => new(new ImageSeen(Digest, null));
        await Ask("POST /services/web", """{"image":"r.test/web:1","instances":0}""");
        await Ask("PUT /services/web", """{"labels":{"a":"b"}}""");
        await Ask("PUT /services/web", """{"env":{"A":"1"}}""");
        Assert.Empty(api.Workers.AskedForImages);

        Assert.Equal(Digest, $"{(await Ask("PUT /services/web", """{"instances":2}"""))["content"]["digest"]}");
        api.Workers.Images = (_, _) => new(new ImageSeen(Digest.Replace('1', '2'), null));
        await Ask("PUT /services/web", """{"instances":0}""");
        Assert.Equal(Digest, $"{(await Ask("PUT /services/web", """{"instances":1}"""))["content"]["digest"]}");
        Assert.Single(api.Workers.AskedForImages);
    }

    [Fact]
    public async Task What_is_created_after_a_push_runs_what_was_pushed_also_when_somebody_else_asks_already()
    {
        await api.Renew("a");
        var arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        api.Workers.ImagesArrive = arrival.Task;
        api.Workers.Images = (_, _) => new(new ImageSeen(Digest, null));
        var before = Ask("POST /services/before", """{"image":"r.test/web:1"}""");
        await PassingTime.Until(() => api.Workers.AskedForImages.Count, asked => asked == 1, "a worker is asked");

        var pushed = Digest.Replace('1', '2');
        api.Workers.Images = (_, _) => new(new ImageSeen(pushed, null));
        var after = Enumerable.Range(0, 8).Select(i => Ask($"POST /services/after-{i}", """{"image":"r.test/web:1"}""")).ToList();
        arrival.SetResult();
        Assert.Equal(Digest, $"{(await before)["content"]["digest"]}");
        foreach (var made in await Task.WhenAll(after)) Assert.Equal(pushed, $"{made["content"]["digest"]}");
    }

    [Fact]
    public async Task A_backup_has_secrets_closed_and_puts_them_back_with_their_versions()
    {
        await Ask("PUT /secrets/db", """{"value":"one"}""");
        await Ask("PUT /secrets/db", $$"""{"value":"{{Secret}}"}""");
        await Ask("PUT /configs/site", """{"value":"listen"}""");
        await Ask("PUT /registries/r.test", $$"""{"username":"u","password":"{{Secret}}"}""");
        await Ask("POST /services/web", """{"image":"web:1","instances":0,"secrets":["db"]}""");
        var backup = (await Ask("GET /backup")).Json!.ToJsonString();
        Assert.DoesNotContain(Secret, backup, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("hunter2-and-more"u8), backup, StringComparison.Ordinal);
        Assert.Equal(
            ["secrets db unchanged", "configs site unchanged", "registries r.test unchanged", "services web unchanged"],
            (await Ask("PUT /restore", backup)).Each("items", "part", "name", "outcome"));

        await using var other = new ControlPlaneOverHttp();
        Assert.Equal(
            ["secrets db created", "configs site created", "registries r.test created", "services web created"],
            (await other.Ask("PUT /restore", backup)).Each("items", "part", "name", "outcome"));
        Assert.Equal(["1", "2"], (await other.Ask("GET /secrets/db")).Each("versions", "number"));
        Assert.Equal("listen", $"{(await other.Ask("GET /configs/site"))["value"]}");
        Assert.Equal(["web 2"], (await other.Ask("GET /secrets/db")).Each("usedBy", "service", "version"));

        await other.Ask("PUT /configs/site", """{"value":"another"}""");
        Assert.Contains("configs site refused", (await other.Ask("PUT /restore", backup)).Each("items", "part", "name", "outcome"));
        Assert.Contains(
            "configs site replaced", (await other.Ask("PUT /restore?replace=true", backup)).Each("items", "part", "name", "outcome"));
        Assert.Equal("listen", $"{(await other.Ask("GET /configs/site"))["value"]}");
    }

    private async Task<Answer> Ask(string request, string? body = null)
    {
        var answer = await api.Ask(request, body);
        answers.Add($"{answer.Json} {answer.Headers}");
        return answer;
    }
}
