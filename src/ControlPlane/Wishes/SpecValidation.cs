using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Placement;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>Everything that can be wrong with a wish, by field and in words.</summary>
internal static partial class SpecValidation
{
    /// <summary>A service is told whole, some 420 bytes an instance, and Dapr carries at most 4 MiB.</summary>
    public const int MostInstances = 5_000;

    /// <summary>Of a text, such as the value of an environment variable, in characters.</summary>
    public const int MostText = 32 * 1024;

    private const int MostEntries = 200;

    public static ValueList<FieldProblem> Problems(ServiceSpec spec)
    {
        var found = new Findings();
        Container(spec.Container, found);
        found.Range("instances", spec.Instances, 0, MostInstances);
        found.Range("maxUnavailable", spec.MaxUnavailable, 1, MostInstances);
        found.Range("stopDelay", spec.StopDelay, TimeSpan.Zero, TimeSpan.FromHours(1));
        Labels(spec.Labels, found);
        Restart(spec.Restart, found);
        Update(spec, found);
        Placement(spec.Placement, found);
        return found.Problems.ToValueList();
    }

    private static void Container(ContainerSpec container, Findings found)
    {
        Image(container.Image, found);
        Ports(container.Ports, found);
        found.Most("command", container.Command.Count);
        foreach (var (at, word) in container.Command.Index()) found.Text($"command[{at}]", word);
        Env(container.Env, found);
        Volumes(container.Volumes, found);
        ResourceAmounts(container.Resources, found);
        if (container.Health is { } health) Health(health, found);
        if (container.StopSignal is { } signal && !Signal().IsMatch(signal))
            found.Add("stopSignal", "is the name of a signal such as SIGTERM, or its number");
        found.Range("stopGrace", container.StopGrace, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    private static void Image(string image, Findings found)
    {
        if (string.IsNullOrWhiteSpace(image)) found.Add("image", "is required");
        else if (image.Length > 255) found.Add("image", "is at most 255 characters long");
        else if (!ImageReference().IsMatch(image)) found.Add("image", "is not an image reference such as nginx:1.27");
    }

    private static void Ports(ValueList<PortMapping> ports, Findings found)
    {
        found.Most("ports", ports.Count);
        HashSet<(int, PortProtocol)> containers = [];
        HashSet<(int, PortProtocol)> hosts = [];
        foreach (var (at, port) in ports.Index())
        {
            var field = $"ports[{at}]";
            found.Range($"{field}.container", port.Container, 1, 65_535);
            if (!containers.Add((port.Container, port.Protocol))) found.Add($"{field}.container", $"port {port.Container} is there twice");
            if (port.Host is not { } host) continue;
            found.Range($"{field}.host", host, 1, 65_535);
            if (!hosts.Add((host, port.Protocol))) found.Add($"{field}.host", $"port {host} is there twice");
        }
    }

    private static void Env(ValueMap env, Findings found)
    {
        found.Most("env", env.Count);
        foreach (var (key, value) in env)
        {
            if (key.Length == 0 || key.Contains('=', StringComparison.Ordinal) || key.Contains('\0', StringComparison.Ordinal))
                found.Add($"env.{key}", "is not the name of an environment variable");
            found.Text($"env.{key}", value);
        }
    }

    private static void Labels(ValueMap labels, Findings found)
    {
        found.Most("labels", labels.Count);
        foreach (var (key, value) in labels)
        {
            if (key.Length is 0 or > 255) found.Add($"labels.{key}", "a label has a name of 1 to 255 characters");
            found.Text($"labels.{key}", value);
        }
    }

    private static void Volumes(ValueList<VolumeMount> volumes, Findings found)
    {
        found.Most("volumes", volumes.Count);
        HashSet<string> targets = new(StringComparer.Ordinal);
        foreach (var (at, volume) in volumes.Index())
        {
            var field = $"volumes[{at}]";
            if (string.IsNullOrEmpty(volume.Source))
                found.Add($"{field}.source", "is required: the name of a volume or an absolute path on the worker");
            else if (!volume.Source.StartsWith('/') && !VolumeName().IsMatch(volume.Source))
                found.Add($"{field}.source", "is neither the name of a volume nor an absolute path");
            if (volume.Target is null || !volume.Target.StartsWith('/') || volume.Target.Length == 1)
                found.Add($"{field}.target", "is an absolute path in the container, and not /");
            else if (!targets.Add(volume.Target)) found.Add($"{field}.target", $"{volume.Target} is there twice");
        }
    }

    private static void ResourceAmounts(Resources resources, Findings found)
    {
        foreach (var (field, amount) in new[] { ("resources.reserve", resources.Reserve), ("resources.limit", resources.Limit) })
        {
            if (!double.IsFinite(amount.Cpu) || amount.Cpu is < 0 or > 4096)
                found.Add($"{field}.cpu", "is a number of cores from 0 to 4096");
            if (amount.Memory.Bytes is < 0 or > 1L << 50) found.Add($"{field}.memory", "is an amount from 0 to 1024Ti");
        }

        if (resources.Limit.Memory.Bytes > 0 && resources.Limit.Memory < resources.Reserve.Memory)
            found.Add("resources.limit.memory", "is less than what is reserved");
        if (resources.Limit.Cpu > 0 && resources.Limit.Cpu < resources.Reserve.Cpu)
            found.Add("resources.limit.cpu", "is less than what is reserved");
    }

    private static void Health(HealthProbe health, Findings found)
    {
        if (health.Command.Count == 0) found.Add("health.command", "is required: the program and its arguments");
        found.Range("health.interval", health.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        found.Range("health.timeout", health.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        found.Range("health.retries", health.Retries, 1, 100);
        found.Range("health.startPeriod", health.StartPeriod, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    private static void Restart(RestartPolicy restart, Findings found)
    {
        found.Range("restart.delay", restart.Delay, TimeSpan.Zero, TimeSpan.FromHours(1));
        found.Range("restart.maxDelay", restart.MaxDelay, TimeSpan.Zero, TimeSpan.FromHours(24));
        found.Range("restart.resetAfter", restart.ResetAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
        found.Range("restart.attempts", restart.Attempts, 0, 1000);
        found.Range("restart.window", restart.Window, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
    }

    private static void Update(ServiceSpec spec, Findings found)
    {
        var update = spec.Update;
        found.Range("update.parallelism", update.Parallelism, 1, 1000);
        found.Range("update.delay", update.Delay, TimeSpan.Zero, TimeSpan.FromHours(24));
        found.Range("update.monitor", update.Monitor, TimeSpan.Zero, TimeSpan.FromHours(24));
        found.Range("update.deadline", update.Deadline, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
        if (!double.IsFinite(update.MaxFailureRatio) || update.MaxFailureRatio is < 0 or > 1)
            found.Add("update.maxFailureRatio", "is a number from 0 to 1");
        if (update.Order == UpdateOrder.StartFirst && spec.Container.Volumes.FirstOrDefault(v => v.Exclusive) is { } volume)
            found.Add("update.order", $"start-first would open volume {volume.Source} twice, and it is exclusive");
    }

    private static void Placement(PlacementRules rules, Findings found)
    {
        found.Most("placement.constraints", rules.Constraints.Count);
        found.Most("placement.preferences", rules.Preferences.Count);
        foreach (var (at, rule) in rules.Constraints.Index()) found.Rule($"placement.constraints[{at}]", rule);
        foreach (var (at, preference) in rules.Preferences.Index())
        {
            found.Rule($"placement.preferences[{at}].rule", preference.Rule);
            if (preference.Weight is 0 or < -100 or > 100)
                found.Add($"placement.preferences[{at}].weight", "is from -100 to 100 and not 0");
        }

        if (rules.SpreadOver is { } label && (label.Length is 0 or > 255 || label.Contains(' ', StringComparison.Ordinal)))
            found.Add("placement.spreadOver", "is the name of a label of the workers");
        if (rules.MaxPerWorker is { } most) found.Range("placement.maxPerWorker", most, 1, MostInstances);
    }

    private sealed class Findings
    {
        public List<FieldProblem> Problems { get; } = [];

        public void Add(string field, string reason) => Problems.Add(new(field, reason));

        public void Range(string field, int value, int least, int most)
        {
            if (value < least || value > most)
                Add(field, string.Create(CultureInfo.InvariantCulture, $"is {value}; allowed are {least:N0} to {most:N0}"));
        }

        public void Range(string field, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
                Add(field, $"is {Durations.Format(value)}; allowed are {Durations.Format(least)} to {Durations.Format(most)}");
        }

        public void Most(string field, int count)
        {
            if (count > MostEntries) Add(field, $"has {count} entries; at most {MostEntries} are allowed");
        }

        public void Text(string field, string? text)
        {
            if (text is null) Add(field, "is null");
            else if (text.Length > MostText) Add(field, $"is longer than {MostText} characters");
        }

        public void Rule(string field, string? rule)
        {
            if (rule is null) Add(field, "is required");
            else if (rule.Length > 1000) Add(field, "is longer than 1000 characters");
            else if (!Constraint.TryParse(rule, out _, out var problem)) Add(field, $"'{rule}' cannot be read: {problem}");
        }
    }

    [GeneratedRegex($@"^{ContainerSpec.ImageShape}\z")]
    private static partial Regex ImageReference();

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}\z")]
    private static partial Regex VolumeName();

    [GeneratedRegex($@"^{ContainerSpec.SignalShape}\z")]
    private static partial Regex Signal();
}
