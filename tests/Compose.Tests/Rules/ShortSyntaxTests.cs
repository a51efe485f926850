using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Tests.Rules;

/// <summary>What may be written in short, as the specification has it.</summary>
public sealed class ShortSyntaxTests
{
    [Theory]
    [InlineData("3000", "{target: 3000, protocol: tcp}")]
    [InlineData("3000-3002", "{target: 3000, protocol: tcp} {target: 3001, protocol: tcp} {target: 3002, protocol: tcp}")]
    [InlineData("8000:8000", "{target: 8000, published: '8000', protocol: tcp}")]
    [InlineData("9090-9091:8080-8081", "{target: 8080, published: '9090', protocol: tcp} {target: 8081, published: '9091', protocol: tcp}")]
    [InlineData("49100:22", "{target: 22, published: '49100', protocol: tcp}")]
    [InlineData("8000-9000:80", "{target: 80, published: '8000-9000', protocol: tcp}")]
    [InlineData("127.0.0.1:8001:8001", "{target: 8001, published: '8001', host_ip: 127.0.0.1, protocol: tcp}")]
    [InlineData("127.0.0.1:5000-5001:5000-5001",
        "{target: 5000, published: '5000', host_ip: 127.0.0.1, protocol: tcp} {target: 5001, published: '5001', host_ip: 127.0.0.1, protocol: tcp}")]
    [InlineData("::1:6000:6000", "{target: 6000, published: '6000', host_ip: '::1', protocol: tcp}")]
    [InlineData("[::1]:6001:6001", "{target: 6001, published: '6001', host_ip: '::1', protocol: tcp}")]
    [InlineData("6060:6060/udp", "{target: 6060, published: '6060', protocol: udp}")]
    [InlineData("127.0.0.1::80", "{target: 80, host_ip: 127.0.0.1, protocol: tcp}")]
    public void Ports(string text, string meant) => Assert.Equal(
        Given.Web($"ports: [{meant.Replace("} {", "}, {", StringComparison.Ordinal)}]").Tree(), Given.Web($"ports: ['{text}']").Tree());

    [Theory]
    [InlineData("80:")]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("90-80")]
    [InlineData("80-81:90-92")]
    [InlineData("80:90-92")]
    [InlineData("300.1.1.1:80:80")]
    [InlineData("1:2:3")]
    [InlineData("80/")]
    public void What_is_no_port_is_told_with_its_place(string text) => Assert.StartsWith(
        $"compose.yaml:4: services.web.ports[0]: '{text}' is not a port", Given.Web($"ports: ['{text}']").Problems(), StringComparison.Ordinal);

    [Theory]
    [InlineData("data:/d", "{type: volume, source: data, target: /d, read_only: false}")]
    [InlineData("data:/d:ro", "{type: volume, source: data, target: /d, read_only: true}")]
    [InlineData("data:/d:rw", "{type: volume, source: data, target: /d, read_only: false}")]
    [InlineData("/d", "{type: volume, target: /d, read_only: false}")]
    [InlineData("/srv:/d:ro,z", "{type: bind, source: /srv, target: /d, read_only: true, bind: {create_host_path: true, selinux: z}}")]
    [InlineData("./srv:/d", "{type: bind, source: ./srv, target: /d, read_only: false, bind: {create_host_path: true}}")]
    [InlineData("~/srv:/d:Z", "{type: bind, source: ~/srv, target: /d, read_only: false, bind: {create_host_path: true, selinux: Z}}")]
    public void Volumes(string text, string meant) =>
        Assert.Equal(Given.Web($"volumes: [{meant}]").Tree(), Given.Web($"volumes: ['{text}']").Tree());

    [Theory]
    [InlineData("data")]
    [InlineData("data:d")]
    [InlineData("data:/d:x")]
    [InlineData("a:/b:ro:c")]
    [InlineData(":/d")]
    public void What_is_no_volume_is_told_with_its_place(string text) => Assert.StartsWith(
        $"compose.yaml:4: services.web.volumes[0]: '{text}' is not a volume", Given.Web($"volumes: ['{text}']").Problems(), StringComparison.Ordinal);

    [Theory]
    [InlineData("bundle exec thin -p 3000", "bundle|exec|thin|-p|3000")]
    [InlineData("/bin/sh -c 'echo \"hello $$HOSTNAME\"'", "/bin/sh|-c|echo \"hello $HOSTNAME\"")]
    [InlineData("a \"b c\" 'd e' f\\ g", "a|b c|d e|f g")]
    [InlineData("a \"x\\\"y\\z\\\\\" ''", "a|x\"y\\z\\|")]
    [InlineData("  a\t b\n", "a|b")]
    [InlineData("a*b $(c) ; d", "a*b|$(c)|;|d")]
    [InlineData("--x='y z'w", "--x=y zw")]
    public void A_text_is_split_as_a_shell_does(string text, string words) =>
        Assert.Equal(words.Split('|'), Given.Web($"command: {Quoted(text)}").Container().Command);

    [Fact]
    public void A_quote_that_is_not_closed_is_told() => Assert.Equal("compose.yaml:4: services.web.command: has a quote that is not closed",
        Given.Web("command: echo 'a").Problems());

    [Fact]
    public void A_list_is_taken_word_by_word() =>
        Assert.Equal(["echo", "a b", "$x", "5"], Given.Web("command: [echo, a b, $$x, 5]").Container().Command);

    [Fact]
    public void Nothing_leaves_what_the_image_says_and_empty_takes_it_away()
    {
        Assert.Null(Given.Web("entrypoint:").Container().Entrypoint);
        Assert.Equal([], Given.Web("entrypoint: []").Container().Entrypoint!);
        Assert.Equal([], Given.Web("entrypoint: ''").Container().Entrypoint!);
        Assert.Equal(["run"], Given.Web("entrypoint: []\ncommand: run").Container().Command);
        Assert.Contains("the image's own command runs", Given.Web("command: []").Remarks(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10ms", 10)]
    [InlineData("40s", 40_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1h5m30s20ms", 3_930_020)]
    [InlineData("1500us", 1.5)]
    [InlineData("0", 0)]
    public void Durations(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Given.Web($"stop_grace_period: {text}").Container().StopGrace);

    [Theory]
    [InlineData("10")]
    [InlineData("ten")]
    [InlineData("1m 30s")]
    [InlineData("-1s")]
    [InlineData("5d")]
    public void What_is_no_duration_is_told(string text) => Assert.Equal(
        $"compose.yaml:4: services.web.stop_grace_period: is a duration such as 10s, 1m30s or 500ms, not '{text}'",
        Given.Web($"stop_grace_period: {text}").Problems());

    [Theory]
    [InlineData("2b", 2)]
    [InlineData("1024kb", 1 << 20)]
    [InlineData("2048k", 2 << 20)]
    [InlineData("300m", 300 << 20)]
    [InlineData("50M", 50 << 20)]
    [InlineData("1gb", 1 << 30)]
    [InlineData("64000000", 64_000_000)]
    public void Bytes(string text, long bytes) => Assert.Equal(new ByteSize(bytes), Given.Web($"shm_size: {text}").Container().ShmSize);

    [Theory]
    [InlineData("true", true)]
    [InlineData("'true'", true)]
    [InlineData("yes", true)]
    [InlineData("False", false)]
    public void Flags(string text, bool value) => Assert.Equal(value, Given.Web($"init: {text}").Container().Init);

    [Theory]
    [InlineData("0440", "0440")]
    [InlineData("0o440", "0440")]
    [InlineData("'440'", "0440")]
    [InlineData("288", "0440")]
    [InlineData("0777", "0555")]
    public void Modes_are_octal_and_nobody_writes(string text, string mode) => Assert.Equal(mode, Given.File(
        $"services: {{web: {{image: i, secrets: [{{source: s, mode: {text}}}]}}}}\nsecrets: {{s: {{environment: HOME}}}}")
        .Variable("HOME", "x").Container().Secrets[0].Mode);

    [Theory]
    [InlineData("[somehost=162.242.195.82, 'other:1.2.3.4', 'v6=::1', 'w6=[::1]', 'x6:::1']",
        "somehost:162.242.195.82 other:1.2.3.4 v6:::1 w6:::1 x6:::1")]
    [InlineData("{a: 1.2.3.4, b: [5.6.7.8, '::1']}", "a:1.2.3.4 b:5.6.7.8 b:::1")]
    public void Hosts(string written, string meant) =>
        Assert.Equal(meant.Split(' '), Given.Web($"extra_hosts: {written}").Container().ExtraHosts);

    [Fact]
    public void Variables_without_a_value_are_looked_up_and_otherwise_none()
    {
        var given = Given.Web("environment: [A=1, B, C, 'D=x=y']").Variable("B", "outside");
        Assert.Equal("{A=1, B=outside, D=x=y}", $"{given.Container().Env}");
        Assert.Equal("{A=1, B=outside, E=, F=true, G=1.10}",
            $"{Given.Web("environment: {A: 1, B: , C: , E: '', F: true, G: 1.10}").Variable("B", "outside").Container().Env}");
    }

    [Fact]
    public void Dependencies_in_a_list_have_started()
    {
        var stack = Given.File("services: {web: {image: i, depends_on: [db]}, db: {image: d}}").Translate().Stack!;
        Assert.Equal("{db=Started}", $"{stack.Services["web"]!.DependsOn}");
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal)}\"";
}
