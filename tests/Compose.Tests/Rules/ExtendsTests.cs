namespace Orchestrator.Compose.Tests.Rules;

/// <summary>What the specification says of <c>extends</c>, rule by rule.</summary>
public sealed class ExtendsTests
{
    [Theory]
    // Mappings.
    [InlineData("environment: {TZ: utc, PORT: 80}", "environment: {PORT: 8080}", "environment: {TZ: utc, PORT: 8080}")]
    [InlineData("environment: [TZ=utc, PORT=80]", "environment: [PORT=8080]", "environment: {TZ: 'utc', PORT: '8080'}")]
    [InlineData("labels: [a=1]", "labels: {b: '2'}", "labels: {a: '1', b: '2'}")]
    [InlineData("healthcheck: {test: [CMD, a], retries: 2}", "healthcheck: {retries: 3}", "healthcheck: {test: [CMD, a], retries: 3}")]
    [InlineData("logging: {driver: local, options: {a: '1'}}", "logging: {options: {b: '2'}}",
        "logging: {driver: local, options: {a: '1', b: '2'}}")]
    [InlineData("deploy: {labels: {a: '1'}, resources: {limits: {cpus: 1}}}", "deploy: {labels: {b: '2'}, resources: {limits: {memory: 1g}}}",
        "deploy: {labels: {a: '1', b: '2'}, resources: {limits: {cpus: 1, memory: 1g}}}")]
    [InlineData("ulimits: {nproc: 1}", "ulimits: {nofile: {soft: 1, hard: 2}}", "ulimits: {nproc: 1, nofile: {soft: 1, hard: 2}}")]
    [InlineData("extra_hosts: [a=1.1.1.1]", "extra_hosts: [a=2.2.2.2, b=3.3.3.3]", "extra_hosts: {a: [2.2.2.2], b: [3.3.3.3]}")]
    // By the path in the container.
    [InlineData("volumes: ['common-volume:/var/lib/backup/data:rw']", "volumes: ['cli-volume:/var/lib/backup/data:ro']",
        "volumes: ['cli-volume:/var/lib/backup/data:ro']")]
    [InlineData("devices: ['/dev/a:/dev/x']", "devices: ['/dev/b:/dev/x:r', '/dev/c']", "devices: ['/dev/b:/dev/x:r', '/dev/c']")]
    // Sequences, each value once.
    [InlineData("security_opt: ['label:role:ROLE']", "security_opt: ['label:user:USER']",
        "security_opt: ['label:role:ROLE', 'label:user:USER']")]
    [InlineData("cap_add: [A, B]", "cap_add: [B, C]", "cap_add: [A, B, C]")]
    [InlineData("ports: ['80', '90']", "ports: ['80', '100']", "ports: ['80', '90', '100']")]
    [InlineData("deploy: {placement: {constraints: [a=1]}}", "deploy: {placement: {constraints: [a=1, b=2]}}",
        "deploy: {placement: {constraints: [a=1, b=2]}}")]
    // Sequences whose duplicates stay.
    [InlineData("dns: 1.1.1.1", "dns: [1.1.1.1, 8.8.8.8]", "dns: [1.1.1.1, 1.1.1.1, 8.8.8.8]")]
    [InlineData("tmpfs: /a", "tmpfs: /b", "tmpfs: [/a, /b]")]
    // All others are single values.
    [InlineData("user: root", "user: app", "user: app")]
    [InlineData("command: [a]", "command: [b]", "command: [b]")]
    [InlineData("group_add: [a]", "group_add: [b]", "group_add: [b]")]
    [InlineData("depends_on: [a]", "depends_on: [b]", "depends_on: [b]")]
    public void A_service_over_the_one_that_it_extends(string extended, string own, string expected)
    {
        var given = Given.File($"services:\n  web:\n    extends: {{service: common}}\n{Given.Indented(own, 4)}  common:\n    image: i\n"
            + Given.Indented(extended, 4));
        Assert.Equal(Given.File($"services:\n  web:\n    image: i\n{Given.Indented(expected, 4)}  common:\n    image: i\n"
            + Given.Indented(extended, 4)).Tree(), given.Tree());
    }

    [Fact]
    public void What_is_extended_may_extend_itself()
    {
        var given = Given.File(
            """
            services:
              base: {image: busybox, user: root}
              common: {image: busybox, extends: {service: base}}
              cli: {extends: common}
            """);
        Assert.Equal("root", given.Container("cli").User);
        Assert.Equal("busybox", given.Container("cli").Image);
    }

    [Fact]
    public void It_may_be_in_another_file_whose_paths_are_its_own()
    {
        var given = Given.File("services: {web: {extends: {file: common/base.yaml, service: app}, environment: {B: 2}}}")
            .With("common/base.yaml", "services: {app: {image: i:$TAG, env_file: app.env, extends: deeper}, deeper: {user: app}}")
            .With("common/app.env", "A=1").Variable("TAG", "7");
        Assert.Equal("i:7", given.Container().Image);
        Assert.Equal("app", given.Container().User);
        Assert.Equal("{A=1, B=2}", $"{given.Container().Env}");
        Assert.Equal(["web"], given.Translate().Stack!.Services.Keys);
    }

    [Fact]
    public void Resources_of_the_other_file_are_not_taken_over() => Assert.Equal(
        "base.yaml:1: services.app.volumes[0]: there is no volume data among volumes:",
        Given.File("services: {web: {extends: {file: base.yaml, service: app}}}")
            .With("base.yaml", "services: {app: {image: i, volumes: ['data:/d']}}\nvolumes: {data: }").Problems());

    [Theory]
    [InlineData("{service: none}", "compose.yaml:2: services.web.extends.service: there is no service none in compose.yaml")]
    [InlineData("{service: a, file: none.yaml}", "compose.yaml:2: services.web.extends.file: none.yaml is not there")]
    [InlineData("{service: web}", "compose.yaml:2: services.web.extends.service: web extends itself: web → web")]
    [InlineData("{service: b}", "extends itself: web → b → web")]
    [InlineData("{file: x.yaml}", "compose.yaml:2: services.web.extends: names a service, and a file if it is in another one")]
    public void What_cannot_be_extended_is_told_with_its_place(string extends, string problem) => Assert.Contains(problem,
        Given.File($"services:\n  web: {{image: i, extends: {extends}}}\n  b: {{image: i, extends: {{service: web}}}}").Problems(),
        StringComparison.Ordinal);

    [Fact]
    public void A_healthcheck_that_is_extended_is_not_disabled()
    {
        const string Web = "\n  web: {extends: base, healthcheck: {disable: true}}";
        Assert.Equal(
            "compose.yaml:3: services.web.healthcheck.disable: cannot disable the healthcheck of the service that is extended; write test: [\"NONE\"]",
            Given.File($"services:\n  base: {{image: i, healthcheck: {{test: [CMD, a]}}}}{Web}").Problems());
        Assert.True(Given.File($"services:\n  base: {{image: i, healthcheck: {{disable: true}}}}{Web}").Container().Health!.None);
    }

    [Fact]
    public void What_it_extends_can_be_reset()
    {
        var given = Given.File("services: {base: {image: i, ports: ['80'], user: u}, web: {extends: base, ports: !reset [], user: !reset null}}");
        Assert.Empty(given.Container().Ports);
        Assert.Null(given.Container().User);
    }
}
