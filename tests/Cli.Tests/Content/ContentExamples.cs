using System.Net;

namespace Orchestrator.Cli.Tests.Content;

public sealed class ContentExamples : IDisposable
{
    private readonly Orc orc = new();

    public void Dispose() => orc.Dispose();

    [Fact]
    public async Task A_secret_comes_from_the_line_a_pipe_a_file_or_a_store_and_is_never_shown()
    {
        orc.Api.On("PUT /secrets/pw", """{"name":"pw","version":2,"rolls":["web"],"stays":["api"]}""");
        var ran = await orc.Run("secret", "set", "pw", "hello");
        Assert.Equal((0, "pw: version 2\nrolls: web\nstays: api; orc restart --pull brings the new version\n"), (ran.Code, ran.Out));
        orc.Input = "piped";
        await orc.Run("secret", "set", "pw", "-");
        var file = Path.Combine(orc.ConfigFolder, "bytes");
        await File.WriteAllBytesAsync(file, [0, 255], TestContext.Current.CancellationToken);
        await orc.Run("secret", "set", "pw", "--from-file", file);
        await orc.Run("secret", "set", "pw", "--from-store", "vault/db/password");
        Assert.Equal(
            [
                """PUT /secrets/pw {"value":"hello"}""", """PUT /secrets/pw {"value":"piped"}""", """PUT /secrets/pw {"base64":"AP8="}""",
                """PUT /secrets/pw {"from":{"store":"vault","key":"db","field":"password"}}""",
            ], orc.Api.Asked);
        Assert.Equal(2, (await orc.Run("secret", "set", "pw")).Code);
        Assert.Equal(2, (await orc.Run("secret", "set", "pw", "x", "--from-file", file)).Code);
    }

    [Fact]
    public async Task What_is_used_stays()
    {
        orc.Api.On("GET /secrets/pw", """{"name":"pw","version":1,"versions":[],"usedBy":[{"service":"web","version":1}]}""")
            .Refuse("DELETE /secrets/pw", HttpStatusCode.Conflict, "secret 'pw' is used by service 'web'");
        var ran = await orc.Run("secret", "rm", "pw", "--yes");
        Assert.Equal((4, "orc: secret 'pw' is used by service 'web'\n→ take it from those first: orc update, orc rm\n"), (ran.Code, ran.Error));
        Assert.Equal(2, (await orc.Run("secret", "rm", "pw")).Code);
    }

    [Fact]
    public async Task A_dry_run_of_a_secret_names_who_would_be_rolled()
    {
        orc.Api.On("PUT /secrets/pw?dryRun=true",
            """{"steps":[{"kind":"roll","instance":"web","worker":"","reason":"it follows"}],"waiting":[]}""");
        Assert.Contains("roll   web", (await orc.Run("secret", "set", "pw", "x", "--dry-run")).Out, StringComparison.Ordinal);
        Assert.All(orc.Api.Changes, it => Assert.Contains("dryRun=true", it, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_config_is_shown_with_its_value()
    {
        orc.Api.On("GET /configs/page",
            """{"name":"page","version":1,"versions":[{"number":1,"at":"2026-11-27T11:00:00Z","by":"ann"}],"value":"hello"}""");
        Assert.Equal("Name     page\nVersion  1\n  1: set 60m ago by ann\n\nhello\n", (await orc.Run("config", "inspect", "page")).Out);
    }

    [Fact]
    public async Task A_password_comes_through_a_pipe()
    {
        orc.Api.On("PUT /registries/r.example.com",
            """{"host":"r.example.com","username":"ann","changedAt":"2026-11-27T11:00:00Z","changedBy":"ann"}""");
        orc.Input = "hush\n";
        Assert.Equal("r.example.com: set\n", (await orc.Run("registry", "set", "r.example.com", "-u", "ann", "--password-stdin")).Out);
        Assert.Equal(["""PUT /registries/r.example.com {"username":"ann","password":"hush"}"""], orc.Api.Asked);
    }

    [Fact]
    public async Task A_volume_is_removed_only_where_somebody_says_and_when_somebody_is_sure()
    {
        orc.Api.On("DELETE /volumes/data?worker=worker-a&dryRun=true", Things.Plan)
            .On("DELETE /volumes/data?worker=worker-a", "", HttpStatusCode.NoContent);
        Assert.Equal(2, (await orc.Run("volume", "rm", "data")).Code);
        Assert.Equal(2, (await orc.Run("volume", "rm", "data", "--worker", "worker-a")).Code);
        Assert.Equal((0, "data: removed from worker-a\n"), (await orc.Run("volume", "rm", "data", "--worker", "worker-a", "-y")) is var ran
            ? (ran.Code, ran.Error) : default);
    }

    [Fact]
    public async Task A_backup_goes_to_a_file_that_only_its_owner_reads_and_comes_back()
    {
        orc.Api.On("GET /backup", """{"schema":1,"parts":[],"at":"2026-11-27T11:00:00Z","by":"m"}""")
            .On("PUT /restore", """
                {"dryRun":false,"items":[{"part":"services","name":"web","outcome":"refused","reason":"it differs"}]}
                """);
        var file = Path.Combine(orc.ConfigFolder, "backup.json");
        Assert.Equal(0, (await orc.Run("backup", file)).Code);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var ran = await orc.Run("restore", file);
        Assert.Equal((4, true), (ran.Code, ran.Out.Contains("services   web    refused   it differs", StringComparison.Ordinal)));
        Assert.Equal(2, (await orc.Run("restore", file, "--replace")).Code);
    }
}
