using LocalDapr.Launch;

namespace Orchestrator.LocalDapr_Tests.Launch;

public sealed class RunFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_app_gets_what_common_says_unless_it_says_otherwise()
    {
        folder.Write("components/x.yaml", "");
        folder.Write("web/own/y.yaml", "");
        var file = Read(
            """
            version: 1
            name: shop
            common:
              resourcesPaths: [./components]
              appHealthProbeInterval: 7
              enableAppHealthCheck: true
              maxBodySize: 8Mi
              env: { COLOR: red, SIZE: 5, ON: true }
            apps:
              - appID: web
                appDirPath: ./web
                appPort: 8080
                command: [node, "a b.js"]
                appHealthProbeInterval: 2
                appHealthCheckPath: well
                resourcesPaths: [./own]
                env: { COLOR: blue }
              - appDirPath: ./components
            """);

        var (web, other) = (file.Apps[0], file.Apps[1]);
        Assert.Equal("shop", file.Name);
        Assert.Equal(["node", "a b.js"], web.Command);
        Assert.Equal(8080, web.AppPort);
        Assert.Equal(["COLOR=blue", "ON=true", "SIZE=5"], web.Env.Select(pair => $"{pair.Key}={pair.Value}").Order());
        Assert.Equal(new AppHealthCheck("/well", TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(500), 3), web.HealthCheck);
        Assert.Equal(8 << 20, web.MaxBodySize);
        Assert.Equal([folder.Path("web/own")], web.ResourcesPaths);

        Assert.Equal("components", other.AppId);
        Assert.Equal(TimeSpan.FromSeconds(7), other.HealthCheck?.Interval);
        Assert.Equal([folder.Path("components")], other.ResourcesPaths);
        Assert.Equal("COLOR=red", other.Env.Select(pair => $"{pair.Key}={pair.Value}").First());
        Assert.Empty(file.Warnings);
    }

    [Fact]
    public void Resources_beside_an_app_come_before_those_of_common_and_after_its_own()
    {
        folder.Write("components/x.yaml", "");
        folder.Write("web/.dapr/resources/x.yaml", "");
        folder.Write("web/.dapr/config.yaml", "");
        folder.Write("config.yaml", "");
        var file = Read(
            """
            version: 1
            common: { resourcesPath: components, configFilePath: config.yaml }
            apps:
              - { appID: a, appDirPath: web }
              - { appID: b, appDirPath: web, resourcesPath: ../components, configFilePath: ../config.yaml }
              - { appID: c, appDirPath: . }
            """);

        Assert.Equal(["web/.dapr/resources", "components", "components"], file.Apps.Select(app => Relative(app.ResourcesPaths[0])));
        Assert.Equal(["web/.dapr/config.yaml", "config.yaml", "config.yaml"], file.Apps.Select(app => Relative(app.ConfigFilePath!)));
    }

    [Fact]
    public void Replicas_of_an_app_id_are_numbered_in_file_order()
    {
        var file = Read(
            """
            version: 1
            apps:
              - { appID: web, appDirPath: . }
              - { appID: db, appDirPath: . }
              - { appID: web, appDirPath: . }
            """);

        Assert.Equal(["web-1", "db", "web-2"], file.Apps.Select(app => app.Name));
    }

    [Fact]
    public void Keys_that_the_cli_would_ignore_in_silence_are_warned_about_with_their_line()
    {
        var file = Read(
            """
            version: 1
            comon: {}
            common:
              appHealthThreshhold: 3
            apps:
              - appId: web
                appDirPath: .
                daprHttpPort: 3500
            """);

        Assert.Equal(
            [
                "dapr.yaml:2: run file: unknown key 'comon' is ignored",
                "dapr.yaml:4: common: unknown key 'appHealthThreshhold' is ignored",
                "dapr.yaml:6: apps[0]: unknown key 'appId' is ignored; did you mean 'appID'?",
                "dapr.yaml:8: apps[0]: unknown key 'daprHttpPort' is ignored; did you mean 'daprHTTPPort'?",
            ],
            file.Warnings.Select(Short));
    }

    [Fact]
    public void An_app_cannot_switch_off_the_health_check_of_common_and_is_told_so()
    {
        var file = Read(
            """
            version: 1
            common: { enableAppHealthCheck: true }
            apps:
              - { appID: web, appDirPath: ., enableAppHealthCheck: false }
            """);

        Assert.NotNull(file.Apps[0].HealthCheck);
        Assert.Contains("does not override", Assert.Single(file.Warnings));
    }

    [Theory]
    [InlineData("apps: [{appDirPath: .}]", "dapr.yaml:1: run file: version: is required; write 'version: 1'")]
    [InlineData("version: 1", "dapr.yaml:1: run file: apps: a list with at least one app is required")]
    [InlineData("version: 1\napps:\n- appID: web", "dapr.yaml:3: apps[0]: appDirPath: is required")]
    [InlineData("version: 1\napps:\n- appDirPath: .\n  appPort: http", "dapr.yaml:4: apps[0]: appPort: 'http' is not a whole number")]
    [InlineData("version: 1\napps:\n- appDirPath: .\n  appPort: \"80\"", "dapr.yaml:4: apps[0]: appPort: '80' is not a whole number")]
    [InlineData("version: 1\napps:\n- appDirPath: .\n  appPort: 70000", "dapr.yaml:4: apps[0]: appPort: 70000 is not between 0 and 65535")]
    [InlineData("version: 1\napps:\n- appDirPath: .\n  command: run me", "dapr.yaml:4: apps[0]: command: must be a list")]
    [InlineData("version: 1\napps:\n- appDirPath: .\n  env: [A]", "dapr.yaml:4: apps[0]: env: must be a mapping of names to values")]
    [InlineData("version: 1\napps:\n- appDirPath: .\n  enableAppHealthCheck: maybe",
        "dapr.yaml:4: apps[0]: enableAppHealthCheck: 'maybe' is neither true nor false")]
    [InlineData("version: 1\napps:\n- appDirPath: .\n  appProtocol: smtp",
        "dapr.yaml:4: apps[0]: appProtocol: 'smtp' is none of http, grpc, https, grpcs, h2c")]
    [InlineData("version: 1\ncommon:\n  appProtocol: grpc\napps:\n- appDirPath: .",
        "dapr.yaml:3: common: appProtocol: LocalDapr calls apps by http only, not grpc")]
    [InlineData("version: 1\ncommon:\n  maxBodySize: huge\napps:\n- appDirPath: .",
        "dapr.yaml:3: common: maxBodySize: 'huge' is not a size such as 4Mi")]
    [InlineData("version: 1\napps:\n- appDirPath: .\n  appPort: 80\n- appDirPath: .\n  daprGRPCPort: 80",
        "dapr.yaml:5: daprGRPCPort of X-2: port 80 is already appPort of X-1")]
    [InlineData("version: 1\napps:\n- appDirPath: [", "dapr.yaml:4: not readable as YAML: ")]
    public void What_cannot_be_run_names_line_and_key(string text, string message)
    {
        var why = Assert.Throws<RunFileException>(() => Read(text));

        // The app id of these is the folder's name, which is a random one.
        Assert.StartsWith(message, Short(why.Message).Replace(Path.GetFileName(folder.FullPath), "X", StringComparison.Ordinal));
    }

    [Fact]
    public void A_path_that_does_not_exist_is_named()
    {
        var why = Assert.Throws<RunFileException>(() => Read(
            """
            version: 1
            apps:
              - appDirPath: .
                resourcesPaths:
                  - ./missing
            """));

        Assert.Equal($"dapr.yaml:5: apps[0]: resourcesPaths: {folder.Path("missing")} does not exist", Short(why.Message));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var why = Assert.Throws<RunFileException>(() => RunFileReader.Read(folder.FullPath));

        Assert.Equal("dapr.yaml: there is no such file", Short(why.Message));
    }

    [Fact]
    public void The_environment_of_an_app_is_that_of_the_cli_and_the_run_file_has_the_last_word()
    {
        var app = Read(
            """
            version: 1
            apps:
              - { appID: web, appDirPath: ., appPort: 8080, env: { APP_PROTOCOL: mine, EMPTY: } }
            """).Apps[0];

        Assert.Equal(
            ["APP_CHANNEL_ADDRESS=", "APP_ID=web", "APP_PORT=8080", "APP_PROTOCOL=mine", "DAPR_GRPC_PORT=50001", "DAPR_HTTP_PORT=3500",
                "EMPTY="],
            AppEnvironment.Of(app, 3500, 50001).Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
    }

    private RunFile Read(string text)
    {
        folder.Write("dapr.yaml", text);
        return RunFileReader.Read(folder.FullPath);
    }

    private string Short(string message) => message.Replace(folder.FullPath + "/dapr.yaml", "dapr.yaml", StringComparison.Ordinal);

    private string Relative(string path) => Path.GetRelativePath(folder.FullPath, path);
}
