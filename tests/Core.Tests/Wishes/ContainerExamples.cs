using System.Text.Json.Nodes;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.Core.Tests.Wishes;

/// <summary>The fields of a container, by what no engine takes of them and in which sentence that is said.</summary>
public sealed class ContainerExamples
{
    private static (ContainerSpec Container, string Problems) Read(string json)
    {
        var (spec, problems) = SpecFields.Merge(new() { Container = new() { Image = "web:1" } }, JsonNode.Parse(json)!.AsObject());
        if (problems.Count == 0) problems = SpecValidation.Problems(spec);
        return (spec.Container, string.Join("; ", problems.Select(p => $"{p.Field} {p.Reason}")));
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("nginx:1.27")]
    [InlineData("library/nginx:Alpine_3")]
    [InlineData("localhost/app:1")]
    [InlineData("registry:5000/team/app__x.y-z--w:1")]
    [InlineData("Host.example:443/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("app:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("[::1]:5000/app")]
    public void An_image_that_engines_take_is_taken(string image) => Assert.Equal("", Read($$"""{"image":"{{image}}"}""").Problems);

    [Theory]
    [InlineData("Foo:1", "'Foo' is not a part of a name")]
    [InlineData("nginx:", "'' is not a tag")]
    [InlineData("nginx:a b", "'a b' is not a tag")]
    [InlineData("nginx:-1", "'-1' is not a tag")]
    [InlineData("nginx@sha256:12", "'sha256:12' is not a digest")]
    [InlineData("nginx@", "'' is not a digest")]
    [InlineData("/nginx", "a part of its name is empty")]
    [InlineData("team//app", "a part of its name is empty")]
    [InlineData("team/app-", "'app-' is not a part of a name")]
    [InlineData("team/a___b", "'a___b' is not a part of a name")]
    [InlineData("http://host/app", "'http:' is not the host of a registry")]
    [InlineData("host:port/app", "'host:port' is not the host of a registry")]
    [InlineData(":1", "a part of its name is empty")]
    public void An_image_that_no_engine_takes_is_named_with_its_flaw(string image, string flaw) => Assert.StartsWith(
        $"image is not an image reference such as nginx:1.27: {flaw}",
        Read($$"""{"image":"{{image}}"}""").Problems, StringComparison.Ordinal);

    [Theory]
    [InlineData("80", "80/tcp")]
    [InlineData("\"80\"", "80/tcp")]
    [InlineData("\"53/udp\"", "53/udp")]
    [InlineData("\"8080:80\"", "8080:80/tcp")]
    [InlineData("\"127.0.0.1:5353:53/udp\"", "127.0.0.1 5353:53/udp")]
    [InlineData("\"127.0.0.1::80\"", "127.0.0.1 80/tcp")]
    [InlineData("\"[::1]:8080:80\"", "::1 8080:80/tcp")]
    [InlineData("\"7000-7002\"", "7000/tcp, 7001/tcp, 7002/tcp")]
    [InlineData("\"9000-9001:80-81\"", "9000:80/tcp, 9001:81/tcp")]
    [InlineData("""{"container":80,"host":8080,"protocol":"udp","address":"10.0.0.6","name":"web"}""", "10.0.0.6 8080:80/udp web")]
    public void A_port_is_read_in_all_its_forms(string port, string expected)
    {
        var (container, problems) = Read($$"""{"ports":[{{port}}]}""");
        Assert.Equal("", problems);
        Assert.Equal(expected, string.Join(", ", container.Ports.Select(p => $"{p.Address} {p} {p.Name}".Trim())));
    }

    [Theory]
    [InlineData("\"data:/var/lib/x:ro\"", "data /var/lib/x ro")]
    [InlineData("\"data:/var/lib/x\"", "data /var/lib/x")]
    [InlineData("\"/srv/www:/www:rw\"", "/srv/www /www")]
    [InlineData("\"/scratch\"", " /scratch")]
    [InlineData("\"/scratch:ro\"", " /scratch ro")]
    [InlineData("""{"target":"/scratch"}""", " /scratch")]
    [InlineData("""{"target":"/memory","tmpfs":{"size":"64Mi","mode":"700"}}""", " /memory tmpfs 64Mi 700")]
    [InlineData("""{"source":"share","target":"/s","driver":"local","driverOpts":{"type":"nfs"}}""", "share /s local {type=nfs}")]
    public void A_volume_is_read_in_all_its_forms(string volume, string expected)
    {
        var (container, problems) = Read($$"""{"volumes":[{{volume}}]}""");
        Assert.Equal("", problems);
        var it = Assert.Single(container.Volumes);
        Assert.Equal(expected, $"{it.Source} {it.Target}{(it.ReadOnly ? " ro" : "")}"
            + $"{(it.Driver is null ? "" : $" {it.Driver} {it.DriverOpts}")}{(it.Tmpfs is { } t ? $" tmpfs {t.Size} {t.Mode}" : "")}");
    }

    [Theory]
    [InlineData("""{"health":{"http":{"path":"/healthz?deep=1","port":80,"scheme":"https","status":"200-299,304"}}}""")]
    [InlineData("""{"health":{"http":{"headers":{"Host":"a","X-Probe":"1"}}},"ports":[80]}""")]
    [InlineData("""{"health":{"tcp":{}},"ports":[80]}""")]
    [InlineData("""{"health":{"none":true},"readiness":{"command":["ready"],"startInterval":"2s"}}""")]
    [InlineData("""{"entrypoint":[],"command":["a",""],"workingDir":"/","user":"app:1000","groupAdd":["audio","44"],"hostname":"a.b"}""")]
    [InlineData("""{"extraHosts":["db:10.0.0.5","six=[::1]","up:host-gateway"],"dns":["10.0.0.53","::1"],"networkMode":"back_end"}""")]
    [InlineData("""{"networkMode":"host","ports":["80:80"]}""")]
    [InlineData("""{"ports":["10.0.0.6:80:80","10.0.0.7:80:81","80:82/udp"]}""")]
    [InlineData("""{"capAdd":["CAP_NET_ADMIN","ALL"],"capDrop":["MKNOD"],"securityOpt":["no-new-privileges","seccomp={}"]}""")]
    [InlineData("""{"devices":["/dev/fuse","/dev/a:/dev/b","/dev/a:r"],"gpus":"2","tmpfs":["/run","/tmp:size=64m,mode=1777,noexec"]}""")]
    [InlineData("""{"ulimits":{"nofile":"1024:-1","core":"0"},"sysctls":{"net.ipv4.ip_forward":"1"},"shmSize":"128Mi"}""")]
    [InlineData("""{"logging":{"driver":"syslog","options":{"syslog-address":"udp://10.0.0.1:514"}}}""")]
    [InlineData("""{"resources":{"limit":{"memory":"6Mi","cpu":0.01},"memorySwap":"6Mi","pids":1,"oomScoreAdj":-1000,"blkioWeight":10}}""")]
    [InlineData("""{"stopSignal":"SIGRTMIN+3"}""")]
    [InlineData("""{"stopSignal":"64"}""")]
    [InlineData("""{"stopSignal":"TERM"}""")]
    public void What_engines_take_is_taken_and_shown_as_it_can_be_written_back(string json)
    {
        var (container, problems) = Read(json);
        Assert.Equal("", problems);
        var shown = System.Text.Json.JsonSerializer.SerializeToNode(new ServiceSpec { Container = container }, ContractsJson.Options)!;
        Assert.Equal((container, ""), Read(shown.ToJsonString()));
    }

    [Theory]
    [InlineData("""{"resources":{"limit":{"memory":"5Mi"}}}""", "resources.limit.memory is 5Mi; the engine takes 6Mi at least, or none")]
    [InlineData("""{"resources":{"limit":{"cpu":0.001}}}""", "resources.limit.cpu is 0.001; the engine takes 0.01 at least, or none")]
    [InlineData("""{"resources":{"memorySwap":"1Gi"}}""", "resources.memorySwap needs resources.limit.memory, which it contains")]
    [InlineData("""{"resources":{"limit":{"memory":"1Gi"},"memorySwap":"512Mi"}}""",
        "resources.memorySwap is 512Mi; it is memory and swap together, from resources.limit.memory to 1024Ti")]
    [InlineData("""{"resources":{"pids":0}}""", "resources.pids is 0; allowed are 1 to 4,194,304")]
    [InlineData("""{"resources":{"blkioWeight":9}}""", "resources.blkioWeight is 9; allowed are 10 to 1,000")]
    [InlineData("""{"shmSize":0}""", "shmSize is 0; allowed are 4Ki to 1024Ti")]
    [InlineData("""{"stopSignal":"SIGFOO"}""",
        "stopSignal 'SIGFOO' is not a signal; signals are SIGTERM, SIGINT, SIGQUIT, SIGUSR1 and the others, or 1 to 64")]
    [InlineData("""{"stopSignal":"65"}""",
        "stopSignal '65' is not a signal; signals are SIGTERM, SIGINT, SIGQUIT, SIGUSR1 and the others, or 1 to 64")]
    [InlineData("""{"command":[""]}""", "command[0] is empty: it is the program to run")]
    [InlineData("""{"entrypoint":["","x"]}""", "entrypoint[0] is empty: it is the program to run")]
    [InlineData("""{"health":{"command":["","x"]}}""", "health.command[0] is empty: it is the program to run")]
    [InlineData("""{"volumes":["data:/a/../b"]}""",
        "volumes[0].target is an absolute path in the container, without . or .. in it, and not /")]
    [InlineData("""{"volumes":["data:/a","/a/"]}""", "volumes[1].target /a/ is there twice")]
    [InlineData("""{"volumes":["/a"],"tmpfs":["/a:size=1m"]}""", "tmpfs[0] /a is there twice")]
    [InlineData("""{"volumes":["data:/a:z"]}""",
        "volumes[0] a volume is text such as \"data:/var/lib/x:ro\" (mode ro or rw), or {\"source\":\"data\",\"target\":\"/var/lib/x\"}")]
    [InlineData("""{"volumes":[{"source":"data","target":"/a","tmpfs":{}}]}""", "volumes[0].source is not for tmpfs, which is memory")]
    [InlineData("""{"volumes":[{"source":"/srv","target":"/a","driver":"local"}]}""", "volumes[0].driver is for a volume of the engine")]
    [InlineData("""{"volumes":[{"target":"/a","exclusive":true}]}""",
        "volumes[0].exclusive is for a volume with a name or a folder: what has neither belongs to one container anyway")]
    [InlineData("""{"tmpfs":["/tmp:size=much"]}""",
        "tmpfs[0] is a path, with options such as size=64m or mode=1777 after a colon: /tmp:size=64m,noexec")]
    [InlineData("""{"ports":["8080:80","8080:81"]}""", "ports[1].host port 8080 is there twice")]
    [InlineData("""{"ports":["10.0.0.6:80:80","0.0.0.0:80:81"]}""",
        "ports[1].host port 80 is there twice: 80/tcp overlaps 10.0.0.6:80/tcp")]
    [InlineData("""{"ports":["[::1]:80:80",{"container":81,"host":80,"address":"0:0:0:0:0:0:0:1"}]}""",
        "ports[1].host port 80 is there twice")]
    [InlineData("""{"ports":["80:80","[::]:80:81"]}""", "ports[1].host port 80 is there twice")]
    [InlineData("""{"ports":["80-82:90-91"]}""",
        "ports[0] the two ranges of ports are not of the same length, or one of them runs backwards")]
    [InlineData("""{"ports":[{"container":80,"address":"localhost"}]}""", "ports[0].address is an IP address of the worker")]
    [InlineData("""{"ports":[{"container":80,"name":"Web"}]}""",
        "ports[0].name is 1 to 15 lower-case letters, digits and hyphens, with a letter at the beginning")]
    [InlineData("""{"ports":[{"container":80,"name":"a"},{"container":81,"name":"a"}]}""", "ports[1].name a is there twice")]
    [InlineData("""{"ports":[{"container":80,"host":8080,"name":"a"},{"container":80,"host":8081,"name":"b"}]}""",
        "ports[1].name port 80 is a already, and has one name")]
    [InlineData("""{"ports":["127.0.0.1:80:80","127.0.0.1:80:80"]}""",
        "ports[1].container port 80 is there twice; ports[1].host port 80 is there twice")]
    [InlineData("""{"ports":["127.0.0.1:80:80","10.0.0.6:80:80","127.0.0.1:8080:80","80:80/udp"]}""", "")]
    [InlineData("""{"ports":[{"container":80,"name":"web"},{"container":80,"host":8080,"name":"web"},{"container":80,"host":8081}]}""", "")]
    [InlineData("""{"networkMode":"none","ports":[80]}""", "ports[0] cannot be reached with networkMode none")]
    [InlineData("""{"networkMode":"host","ports":[80]}""",
        "ports[0].host is that of the container with networkMode host: write \"80:80\"")]
    [InlineData("""{"networkMode":"container:x"}""", "networkMode is bridge, host, none or the name of a network on the workers")]
    [InlineData("""{"networkMode":"host","sysctls":{"net.core.somaxconn":"1"}}""",
        "sysctls.net.core.somaxconn is that of the whole worker with networkMode host")]
    [InlineData("""{"workingDir":"srv"}""", "workingDir is an absolute path in the container")]
    [InlineData("""{"user":"a b"}""", "user is a user, or a user and a group: app, 1000 or 1000:1000")]
    [InlineData("""{"groupAdd":["a:b"]}""", "groupAdd[0] is the name or the number of a group")]
    [InlineData("""{"hostname":"-a"}""", "hostname is at most 63 letters, digits and hyphens, in parts with dots between them")]
    [InlineData("""{"containerLabels":{"orchestrator.slot":"1"}}""",
        "containerLabels.orchestrator.slot labels that begin with orchestrator. are ours")]
    [InlineData("""{"extraHosts":["db"]}""", "extraHosts[0] is a name and an address, such as db:10.0.0.5 or worker:host-gateway")]
    [InlineData("""{"extraHosts":["db:10.0.5"]}""", "extraHosts[0] is a name and an address, such as db:10.0.0.5 or worker:host-gateway")]
    [InlineData("""{"dns":["dns.example"]}""", "dns[0] is the IP address of a name server")]
    [InlineData("""{"capAdd":["NET_EVERYTHING"]}""", "capAdd[0] is not a capability such as NET_ADMIN, nor ALL")]
    [InlineData("""{"capDrop":["KILL","KILL"]}""", "capDrop[1] KILL is there twice")]
    [InlineData("""{"securityOpt":["seccomp=strict"]}""",
        "securityOpt[0] is no-new-privileges, apparmor=PROFILE, label=…, or seccomp= with unconfined or a profile in JSON")]
    [InlineData("""{"devices":["fuse"]}""",
        "devices[0] is a device of the worker, where it is in the container, and how it may be used: /dev/sda:/dev/xvda:r")]
    [InlineData("""{"gpus":"some"}""", "gpus is all, a number of them, or device=0,2")]
    [InlineData("""{"ulimits":{"files":"1"}}""",
        "ulimits.files is not a limit of processes; those are core, cpu, data, fsize, locks, memlock, msgqueue, nice, nofile, nproc, rss, "
        + "rtprio, rttime, sigpending, stack")]
    [InlineData("""{"ulimits":{"nofile":"many"}}""",
        "ulimits.nofile is a number, or two, soft and hard: 1024:65536; -1 is no limit")]
    [InlineData("""{"ulimits":{"nofile":"-1:1024"}}""", "ulimits.nofile has a soft limit above the hard one")]
    [InlineData("""{"logging":{"options":{"maxsize":"1m"}}}""",
        "logging.options.maxsize json-file knows only compress, env, env-regex, labels, labels-regex, max-file, max-size, tag")]
    [InlineData("""{"logging":{"options":{"max-size":"big"}}}""", "logging.options.max-size is a size such as 10m")]
    [InlineData("""{"logging":{"driver":"none","options":{"a":"b"}}}""", "logging.options.a none takes no options")]
    [InlineData("""{"health":{"http":{}}}""", "health.http.port is required where the service has no TCP port among its ports")]
    [InlineData("""{"health":{"tcp":{}},"ports":["53/udp"]}""",
        "health.tcp.port is required where the service has no TCP port among its ports")]
    [InlineData("""{"health":{"interval":"9s"}}""", "health says http, tcp, command or none")]
    [InlineData("""{"health":{"http":{"port":80},"command":["x"]}}""",
        "health says http and command, and only one can be; null takes one away")]
    [InlineData("""{"readiness":{"none":true}}""", "readiness.none is for health; without readiness, health alone decides")]
    [InlineData("""{"health":{"http":{"port":80,"status":"299-200"}}}""",
        "health.http.status is a list of numbers and ranges from 100 to 599, such as 200-299,304")]
    [InlineData("""{"health":{"http":{"port":80,"path":"healthz"}}}""",
        "health.http.path is a path from /, with ? and a query perhaps, and no blanks")]
    [InlineData("""{"health":{"http":{"port":80,"headers":{"A b":"c"}}}}""", "health.http.headers.A b is not the name of a header")]
    [InlineData("""{"health":{"http":{"port":80,"scheme":"ftp"}}}""", "health.http.scheme is not one of http, https")]
    [InlineData("""{"networkMode":"none","readiness":{"tcp":{"port":80}}}""", "readiness.tcp cannot be reached with networkMode none")]
    [InlineData("""{"readiness":{"command":["x"],"startInterval":"10ms"}}""", "readiness.startInterval is 10ms; allowed are 1s to 1h")]
    [InlineData("""{"pullPolicy":"sometimes"}""", "pullPolicy is not one of missing, always, never")]
    [InlineData("""{"pullPolicy":true}""", "pullPolicy is not one of missing, always, never")]
    [InlineData("""{"envFrom":[{"source":"db","kind":"file"}]}""", "envFrom[0].kind is not one of secret, config")]
    [InlineData("""{"envFrom":[{"source":"a b"}]}""",
        "envFrom[0].source consists of 1 to 64 letters, digits, '-', '_' and '.', and begins and ends with a letter or a digit")]
    [InlineData("""{"envFrom":[{"name":"A"}]}""",
        "envFrom[0].source consists of 1 to 64 letters, digits, '-', '_' and '.', and begins and ends with a letter or a digit")]
    [InlineData("""{"envFrom":["db"]}""", "envFrom[0] is not an object of kind, name, rotate, source")]
    [InlineData("""{"envFrom":[{"source":"db","name":"A=B"}]}""", "envFrom[0].name is not the name of an environment variable")]
    [InlineData("""{"envFrom":[{"source":"db","name":""}]}""", "envFrom[0].name is not the name of an environment variable")]
    [InlineData("""{"secrets":[{"source":"db","uid":-1}]}""", "secrets[0].uid is a number from 0")]
    [InlineData("""{"secrets":[{"source":"db","gid":-1}]}""", "secrets[0].gid is a number from 0")]
    [InlineData("""{"secrets":[{"source":"db","uid":"app"}]}""", "secrets[0].uid is not a whole number")]
    [InlineData("""{"secrets":[{"source":"db","uid":5000000000}]}""", "secrets[0].uid is not a whole number")]
    [InlineData("""{"configs":[{"source":"site","target":"/etc/../site"}]}""",
        "configs[0].target is an absolute path or a name, of a file, without '..'")]
    [InlineData("""{"configs":[{"source":"site","mode":"999"}]}""",
        "configs[0].mode is an octal number from 0000 to 7777 as a text, such as \"0400\"")]
    [InlineData("""{"health":{"command":["x"],"retries":0}}""", "health.retries is 0; allowed are 1 to 100")]
    [InlineData("""{"health":{"command":["x"],"retries":101}}""", "health.retries is 101; allowed are 1 to 100")]
    [InlineData("""{"health":{"command":["x"],"startPeriod":"-1s"}}""",
        "health.startPeriod a duration is text such as \"500ms\", \"10s\" or \"1m30s\"")]
    [InlineData("""{"health":{"command":["x"],"startPeriod":"2h"}}""", "health.startPeriod is 2h; allowed are 0s to 1h")]
    [InlineData("""{"health":{"command":["x"],"timeout":"0s"}}""", "health.timeout is 0s; allowed are 1ms to 1h")]
    [InlineData("""{"health":{"command":["x"],"interval":"500ms"}}""", "health.interval is 500ms; allowed are 1s to 1h")]
    [InlineData("""{"health":{"command":["x"],"interval":"2h"}}""", "health.interval is 2h; allowed are 1s to 1h")]
    [InlineData("""{"logging":{"options":{"max-file":"0"}}}""", "logging.options.max-file is a number of files from 1")]
    [InlineData("""{"logging":{"options":{"max-file":"many"}}}""", "logging.options.max-file is a number of files from 1")]
    [InlineData("""{"logging":{"driver":"json file"}}""", "logging.driver is a log driver such as json-file, local, journald or none")]
    [InlineData("""{"logging":{"driver":""}}""", "logging.driver is a log driver such as json-file, local, journald or none")]
    [InlineData("""{"resources":{"oomScoreAdj":1001}}""", "resources.oomScoreAdj is 1001; allowed are -1,000 to 1,000")]
    [InlineData("""{"resources":{"oomScoreAdj":-1001}}""", "resources.oomScoreAdj is -1001; allowed are -1,000 to 1,000")]
    [InlineData("""{"volumes":[{"target":"/m","tmpfs":{"size":"1Ki"}}]}""", "volumes[0].tmpfs.size is 1Ki; allowed are 4Ki to 1024Ti")]
    [InlineData("""{"volumes":[{"target":"/m","tmpfs":{"size":"much"}}]}""",
        "volumes[0].tmpfs.size memory is a number of bytes or text such as \"64Mi\" or \"2Gi\"")]
    [InlineData("""{"volumes":[{"target":"/m","tmpfs":{"mode":"1999"}}]}""",
        "volumes[0].tmpfs.mode is three or four octal digits, such as 1777")]
    [InlineData("""{"volumes":["/srv/../etc:/a"]}""",
        "volumes[0].source '/srv/../etc' is an absolute path with ., .., // or a colon in it")]
    [InlineData("""{"volumes":[{"source":"my data","target":"/a"}]}""",
        "volumes[0].source is neither the name of a volume, of two characters at least, nor an absolute path")]
    [InlineData("""{"volumes":[{"source":"../data","target":"/a"}]}""",
        "volumes[0].source is neither the name of a volume, of two characters at least, nor an absolute path")]
    [InlineData("""{"volumes":[{"source":"d","target":"/a"}]}""",
        "volumes[0].source is neither the name of a volume, of two characters at least, nor an absolute path")]
    [InlineData("""{"volumes":[{"source":"data","target":"/a","driver":"my driver"}]}""",
        "volumes[0].driver is the name of a volume driver, such as local")]
    [InlineData("""{"volumes":[{"source":"data","target":"/a","driver":""}]}""",
        "volumes[0].driver is the name of a volume driver, such as local")]
    [InlineData("""{"volumes":[{"source":"data","target":"/a","affinity":"some"}]}""", "volumes[0].affinity is not one of worker, none")]
    public void What_no_engine_takes_is_named_with_field_and_reason(string json, string problem) =>
        Assert.Equal(problem, Read(json).Problems);
}
