using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Orders;

/// <summary>What can be said of a service on the command line, as fields of its spec.</summary>
internal sealed class SpecOptions(Shell shell)
{
    private readonly Option<string?> file = new("--file", "-f")
    {
        Description = "Fields of the service in YAML or JSON; - reads standard input. What else is said here has precedence", HelpName = "file",
    };

    private readonly Option<int?> instances = Shell.Number("--replicas", "How many are to run", 0, 5000, "number", "--instances", "-n");
    private readonly Option<string[]> ports = Many("--publish", "-p", "80, 8080:80, 127.0.0.1:5353:53/udp; can be given again", "port");
    private readonly Option<string[]> env = Many("--env", "-e", "NAME=value, or NAME as it is here", "variable");
    private readonly Option<string?> envFile = Text("--env-file", "Lines NAME=value", "file");
    private readonly Option<string[]> volumes = Many("--volume", "-v", "data:/var/lib/x, /srv/www:/www:ro", "volume");
    private readonly Option<string[]> labels = Many("--label", "-l", "key=value", "label");
    private readonly Option<string[]> constraints = Many("--constraint", null, "zone == eu-1, disk != hdd, gpu", "rule");
    private readonly Option<string?> mode = OneOf("--mode", "replicated, global: one on each worker, or job: it runs to its end", "replicated", "global", "job");
    private readonly Option<int?> completions = Shell.Number("--completions", "Of a job: how often the work is to be done in a run", 1,
        5000);
    private readonly Option<int?> atATime = Shell.Number("--parallelism", "Of a job: so many at a time", 1, 5000);
    private readonly Option<int?> attempts = Shell.Number("--attempts", "Of a job: so often a slot may fail", 1, 1000);
    private readonly Option<string?> deadline = Text("--deadline", "Of a job: a run that has not completed after so long has failed", "duration");
    private readonly Option<string?> schedule = Text("--schedule", "Of a job: when it runs by itself, such as '0 3 * * *'", "cron");
    private readonly Option<string?> timeZone = Text("--time-zone", "Of a job: by which clock, such as Europe/Berlin", "zone");
    private readonly Option<string?> overlap = OneOf("--overlap", "Of a job: when a run is due while one goes on", "forbid", "allow",
        "replace");
    private readonly Option<double?> cpus = Shell.Cores("--cpus", "Cores at most, such as 0.5");
    private readonly Option<string?> memory = Text("--memory", "Memory at most, such as 256m", "size");
    private readonly Option<double?> reserveCpus = Shell.Cores("--reserve-cpus", "Cores kept free for each");
    private readonly Option<string?> reserveMemory = Text("--reserve-memory", "Memory kept free for each", "size");
    private readonly Option<string?> healthHttp = Text("--health-http", "Path that answers well when an instance is well", "path");
    private readonly Option<string?> healthCommand = Text("--health-cmd", "Command that ends with 0 when an instance is well", "command");
    private readonly Option<string?> healthInterval = Text("--health-interval", "Pause between two probes, such as 5s", "duration");
    private readonly Option<string?> restart = OneOf("--restart", "What happens when a program ends", "always", "on-failure", "never");
    private readonly Option<string[]> secrets = Many("--secret", null, "name or name:file, as a file in /run/secrets", "secret");
    private readonly Option<string[]> configs = Many("--config", null, "name or name:file, as a file", "config");
    private readonly Option<string?> user = Text("--user", "Who the program runs as", "user");
    private readonly Option<string?> folder = Text("--workdir", "Where the program starts", "path");
    private readonly Option<string?> network = Text("--network", "bridge, host, none, or one that is on the workers", "name");
    private readonly Option<string?> stopGrace = Text("--stop-grace", "Time to end after the stop signal", "duration");
    private readonly Option<string?> pull = OneOf("--pull", "When the registry is asked for the image", "missing", "always", "never");
    private readonly Option<int?> parallelism = Shell.Number("--update-parallelism", "Slots updated at a time", 1, 1000);
    private readonly Option<string?> order = OneOf("--update-order", "Which goes first in an update", "start-first", "stop-first");
    private readonly Option<string[]> set = Many("--set", null, "Any other field, such as update.monitor=10s", "field=value");

    public IEnumerable<Option> All
    {
        get
        {
            secrets.CompletionSources.Add(_ => shell.Names.Secrets());
            configs.CompletionSources.Add(_ => shell.Names.Configs());
            return
            [
                instances, ports, env, envFile, volumes, labels, constraints, mode, completions, atATime, attempts, deadline, schedule,
                timeZone,
                overlap, cpus, memory, reserveCpus, reserveMemory, healthHttp,
                healthCommand, healthInterval, restart, secrets, configs, user, folder, network, stopGrace, pull, parallelism, order, set,
                file,
            ];
        }
    }

    /// <summary>A whole spec.</summary>
    public static ServiceSpec Spec(JsonObject fields)
    {
        try
        {
            return fields.Deserialize<ServiceSpec>(ContractsJson.Strict)!;
        }
        catch (JsonException e)
        {
            var path = e.Path is { Length: > 2 } at ? $"{at[2..]}: " : "";
            throw CliException.Usage($"{path}{e.Message.Split(" Path: ")[0]}", "every field is told in docs/services.md");
        }
    }

    /// <summary>All that was said, as fields of a spec; of an update as a merge patch.</summary>
    /// <param name="isNew">Whether there is no such service yet: what has a schedule is a job then.</param>
    public JsonObject Fields(Session session, bool isNew)
    {
        var fields = File(session);
        void Put(string path, JsonNode? value)
        {
            if (value is not null) At(fields, path, value);
        }

        Put("instances", session.Get(instances));
        Put("ports", List(session.Get(ports)));
        foreach (var (name, value) in Variables(session)) Map(fields, "env")[name] = value;
        Put("volumes", List(session.Get(volumes)));
        foreach (var (name, value) in Pairs(session.Get(labels), "--label")) Map(fields, "labels")[name] = value;
        Put("placement.constraints", List(session.Get(constraints)));
        Put("mode", session.Get(mode) ?? (session.Get(schedule) is not null && session.Get(file) is null && isNew ? "job" : null));
        Put("completions", session.Get(completions));
        Put("parallelism", session.Get(atATime));
        Put("attempts", session.Get(attempts));
        Put("deadline", session.Get(deadline));
        Put("schedule", session.Get(schedule));
        Put("timeZone", session.Get(timeZone));
        Put("overlap", session.Get(overlap));
        Put("resources.limit.cpu", session.Get(cpus));
        Put("resources.limit.memory", session.Get(memory));
        Put("resources.reserve.cpu", session.Get(reserveCpus));
        Put("resources.reserve.memory", session.Get(reserveMemory));
        if (session.Get(healthHttp) is { } path) Put("health.http.path", path);
        if (session.Get(healthCommand) is { } command) Put("health.command", new JsonArray("sh", "-c", command));
        Put("health.interval", session.Get(healthInterval));
        Put("restart.condition", session.Get(restart));
        Put("secrets", Files(session.Get(secrets)));
        Put("configs", Files(session.Get(configs)));
        Put("user", session.Get(user));
        Put("workingDir", session.Get(folder));
        Put("networkMode", session.Get(network));
        Put("stopGrace", session.Get(stopGrace));
        Put("pullPolicy", session.Get(pull));
        Put("update.parallelism", session.Get(parallelism));
        Put("update.order", session.Get(order));
        foreach (var (name, value) in Pairs(session.Get(set), "--set")) At(fields, name, Value(value));
        return fields;
    }

    private JsonObject File(Session session)
    {
        if (session.Get(file) is not { } name) return [];
        var text = name == "-" ? session.Around.In.ReadToEnd() : Read(name);
        return Yaml.Read(text, name == "-" ? "what was read" : name) as JsonObject
            ?? throw CliException.Usage($"{name} holds no fields", "it says for instance image: nginx:1.27");
    }

    private IEnumerable<(string, string)> Variables(Session session)
    {
        var lines = session.Get(envFile) is { } name ? Read(name).Split('\n').Select(it => it.Trim())
            .Where(it => it.Length > 0 && it[0] != '#') : [];
        return lines.Concat(session.Get(env) ?? []).Select(it => it.Split('=', 2) is [var key, var value] ? (key, value)
            : (it, session.Around.Variable(it)
                ?? throw CliException.Usage($"-e {it}: there is no such variable here", $"-e {it}=value gives one")));
    }

    private static string Read(string name)
    {
        try
        {
            return System.IO.File.ReadAllText(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"{name} cannot be read: {e.Message}");
        }
    }

    private static void At(JsonObject fields, string path, JsonNode? value)
    {
        var names = path.Split('.');
        var at = fields;
        foreach (var name in names[..^1]) at = Map(at, name);
        at[names[^1]] = value;
    }

    private static JsonObject Map(JsonObject fields, string name)
    {
        if (fields[name] is JsonObject there) return there;
        var made = new JsonObject();
        fields[name] = made;
        return made;
    }

    private static JsonArray? List(string[]? items) => items is { Length: > 0 } ? [.. items.Select(it => JsonValue.Create(it))] : null;

    private static JsonArray? Files(string[]? items) => items is not { Length: > 0 } ? null
        : [.. items.Select(it => it.Split(':', 2) is [var source, var target]
            ? (JsonNode)new JsonObject { ["source"] = source, ["target"] = target } : new JsonObject { ["source"] = it })];

    private static IEnumerable<(string, string)> Pairs(string[]? items, string option) => (items ?? []).Select(it =>
        it.Split('=', 2) is [{ Length: > 0 } key, var value] ? (key, value)
            : throw CliException.Usage($"{option} {it}: is no name=value", $"for instance {option} {it}=value"));

    /// <summary>JSON where it is some, text otherwise.</summary>
    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static Option<string?> Text(string name, string description, string help) =>
        new(name) { Description = description, HelpName = help };

    private static Option<string[]> Many(string name, string? brief, string description, string help) =>
        new(name, brief is null ? [] : [brief]) { Description = description, HelpName = help };

    private static Option<string?> OneOf(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
