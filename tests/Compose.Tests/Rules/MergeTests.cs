namespace Orchestrator.Compose.Tests.Rules;

/// <summary>The specification's page on merging, rule by rule: one file, another over it, and what both are together.</summary>
public sealed class MergeTests
{
    [Theory]
    // Mappings get what is missing, and merge what is in both.
    [InlineData("key1: value1\nkey2: value2", "key2: VALUE\nkey3: value3", "key1: value1\nkey2: VALUE\nkey3: value3")]
    [InlineData("environment: {A: 1, B: 1}", "environment: {B: 2, C: 2}", "environment: {A: 1, B: 2, C: 2}")]
    [InlineData("environment: [A=1, B=1]", "environment: {B: 2}", "environment: {A: '1', B: 2}")]
    [InlineData("labels: {a: '1'}", "labels: [b=2, c]", "labels: {a: '1', b: '2', c: ''}")]
    [InlineData("deploy: {replicas: 2, resources: {limits: {cpus: 1}}}", "deploy: {resources: {limits: {memory: 1g}}}",
        "deploy: {replicas: 2, resources: {limits: {cpus: 1, memory: 1g}}}")]
    [InlineData("depends_on: [a]", "depends_on: {b: {condition: service_healthy}}",
        "depends_on: {a: {condition: service_started}, b: {condition: service_healthy}}")]
    [InlineData("networks: [front]", "networks: {back: {aliases: [b]}}", "networks: {front: , back: {aliases: [b]}}")]
    [InlineData("extra_hosts: [a=1.1.1.1]", "extra_hosts: ['a:2.2.2.2', 'b:::1']", "extra_hosts: {a: [1.1.1.1, 2.2.2.2], b: ['::1']}")]
    // Lists are appended; a single value is a list of one.
    [InlineData("dns: [1.1.1.1]", "dns: [8.8.8.8]", "dns: [1.1.1.1, 8.8.8.8]")]
    [InlineData("dns: 1.1.1.1", "dns: 8.8.8.8", "dns: [1.1.1.1, 8.8.8.8]")]
    [InlineData("cap_add: [A]", "cap_add: [B]", "cap_add: [A, B]")]
    [InlineData("env_file: a.env", "env_file: [{path: b.env, required: false}]",
        "env_file: [{path: a.env}, {path: b.env, required: false}]")]
    // Single values are replaced, and nothing written over a mapping leaves it.
    [InlineData("image: a", "image: b", "image: b")]
    [InlineData("environment: {A: 1}", "environment:", "environment: {A: 1}")]
    // Shell commands are replaced.
    [InlineData("command: [echo, foo]", "command: [echo, bar]", "command: [echo, bar]")]
    [InlineData("entrypoint: [a, b]", "entrypoint: c d", "entrypoint: c d")]
    [InlineData("healthcheck: {test: [CMD, a], retries: 2}", "healthcheck: {test: [CMD, b]}", "healthcheck: {test: [CMD, b], retries: 2}")]
    // Unique resources: the same key is merged, another one appended.
    [InlineData("volumes: ['foo:/work']", "volumes: ['bar:/work']", "volumes: ['bar:/work']")]
    [InlineData("volumes: ['foo:/work:ro']", "volumes: ['bar:/work', 'x:/y']", "volumes: ['bar:/work', 'x:/y']")]
    [InlineData("volumes: [{type: volume, source: a, target: /d, volume: {nocopy: true}}]",
        "volumes: [{type: volume, source: b, target: /d}]", "volumes: [{type: volume, source: b, target: /d, volume: {nocopy: true}}]")]
    [InlineData("ports: ['8080:80']", "ports: ['8080:80', '9090:80', '8080:80/udp', '127.0.0.1:8080:80']",
        "ports: ['8080:80', '9090:80', '8080:80/udp', '127.0.0.1:8080:80']")]
    [InlineData("ports: ['8080:80']", "ports: [{target: 80, published: 8080, name: web}]",
        "ports: [{target: 80, published: '8080', protocol: tcp, name: web}]")]
    [InlineData("secrets: [{source: a, target: /s, mode: 0400}]", "secrets: [{source: b, target: /s}]",
        "secrets: [{source: b, target: /s, mode: 0400}]")]
    [InlineData("configs: [a]", "configs: [{source: a, uid: '1'}, b]", "configs: [{source: a, uid: '1'}, {source: b}]")]
    // !reset takes away, !override takes the place.
    [InlineData("ports: ['8080:80']\nenvironment: {FOO: BAR}", "ports: !reset []\nenvironment: {FOO: !reset null}", "environment: {}")]
    [InlineData("ports: ['8080:80']", "ports: !override ['8443:443']", "ports: ['8443:443']")]
    [InlineData("environment: {A: 1}", "environment: !override {B: 2}", "environment: {B: 2}")]
    [InlineData("user: a", "user: !reset whatever", "")]
    public void One_file_over_another(string below, string above, string merged) =>
        Assert.Equal(Given.Web(merged).Tree(), Given.Web(below).With("over.yaml", $"services:\n  web:\n{Given.Indented(above, 4)}")
            .Asking(it => it with { Files = ["compose.yaml", "over.yaml"] }).Tree());

    [Fact]
    public void Beside_the_services_as_well()
    {
        var given = Given.File("services: {web: {image: i}}\nvolumes: {a: {driver: x}, b: }\nconfigs: {c: {content: one}}")
            .With("over.yaml", "services: {db: {image: d}}\nvolumes: {a: {driver_opts: {k: v}}}\nconfigs: {c: !override {external: true}}")
            .Asking(it => it with { Files = ["compose.yaml", "over.yaml"] });
        Assert.Equal(Given.File(
            """
            services: {web: {image: i}, db: {image: d}}
            volumes: {a: {driver: x, driver_opts: {k: v}}, b: }
            configs: {c: {external: true}}
            """).Tree(), given.Tree());
    }

    [Fact]
    public void A_service_can_be_taken_away()
    {
        var given = Given.File("services: {web: {image: i}, db: {image: d}}").With("over.yaml", "services: {db: !reset null}")
            .Asking(it => it with { Files = ["compose.yaml", "over.yaml"] });
        Assert.Equal(["web"], given.Translate().Stack!.Services.Keys);
    }

    [Fact]
    public void Three_files_are_merged_in_their_order()
    {
        var given = Given.Web("command: a").With("b.yaml", "services: {web: {command: b, ports: ['80']}}")
            .With("c.yaml", "services: {web: {command: c, ports: !reset []}}")
            .Asking(it => it with { Files = ["compose.yaml", "b.yaml", "c.yaml"] });
        Assert.Equal(Given.Web("command: c").Tree(), given.Tree());
    }

    [Fact]
    public void Paths_are_seen_from_the_folder_of_the_first_file()
    {
        var given = new Given().With("deep/compose.yaml", "services: {web: {image: i}}")
            .With("over.yaml", "services: {web: {env_file: ./web.env}}").With("deep/web.env", "A=1")
            .Asking(it => it with { Files = ["deep/compose.yaml", "over.yaml"] });
        Assert.Equal("{A=1}", $"{given.Container().Env}");
    }
}
