using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Testing;

/// <summary>Values in which every field says something, however deep it lies: made by type, so nobody lists what is added.</summary>
public static class EveryField
{
    /// <summary>Names of fields that not every value of their type fits, with two that do.</summary>
    private static readonly Dictionary<string, object[]> Fitting = new()
    {
        ["stopSignal"] = ["SIGINT", "SIGQUIT"],
        ["weight"] = [30, 70],
        ["workingDir"] = ["/srv", "/www"],
        ["path"] = ["/healthz", "/ready"],
        ["status"] = ["200", "200-299,304"],
        ["retries"] = [4, 5],
        ["address"] = ["10.0.0.6", "10.0.0.7"],
        ["mode"] = ["1777", "700"],
        ["tmpfs[0]"] = ["/run", "/tmp:size=64m"],
        ["extraHosts[0]"] = ["db:10.0.0.5", "worker:host-gateway"],
        ["dns[0]"] = ["10.0.0.53", "10.0.1.53"],
        ["capAdd[0]"] = ["NET_ADMIN", "SYS_TIME"],
        ["capDrop[0]"] = ["CHOWN", "KILL"],
        ["securityOpt[0]"] = ["no-new-privileges:true", "seccomp=unconfined"],
        ["devices[0]"] = ["/dev/fuse", "/dev/sda:/dev/xvda:r"],
        ["gpus"] = ["all", "device=0,2"],
        ["ulimits"] = [ValueMap.Of(("nofile", "1024:4096")), ValueMap.Of(("core", "0"))],
        ["sysctls"] = [ValueMap.Of(("net.core.somaxconn", "1024")), ValueMap.Of(("kernel.shmmax", "65536"))],
        ["schedule"] = ["0 3 * * *", "*/10 * * * * *"],
        ["timeZone"] = ["Europe/Berlin", "America/New_York"],
        ["driver"] = ["json-file", "local"],
        ["options"] = [ValueMap.Of(("max-size", "1m")), ValueMap.Of(("max-size", "2m"))],
    };

    /// <summary>Fields that do not go together: those of one group, or those of another.</summary>
    private static readonly Dictionary<string, string[][]> Apart = new()
    {
        ["HealthProbe"] = [["command"], ["http"], ["tcp"], ["none"]],
        ["VolumeMount"] = [["source", "exclusive", "driver", "driverOpts"], ["tmpfs"]],
    };

    /// <summary>A value in which no field has its default, but for those that do not go together with others.</summary>
    /// <param name="other">Tells by path, such as <c>ports[0].host</c>, which fields take their other value instead.</param>
    /// <param name="with">The path of a field that is among those that are there; by default the first ones are.</param>
    public static T Make<T>(Func<string, bool>? other = null, string with = "") =>
        (T)new Maker(other ?? (_ => false), (path, _) => with.StartsWith(path, StringComparison.Ordinal)).Record(typeof(T), "");

    /// <summary>The fields of the type itself, as JSON names them.</summary>
    public static IEnumerable<string> Names<T>() => Fields(typeof(T)).Select(Name);

    /// <summary>The fields at every depth: <c>image</c>, <c>ports[0].host</c>.</summary>
    public static IEnumerable<string> Paths<T>() where T : notnull => Enumerable.Range(0, Apart.Values.Max(it => it.Length))
        .SelectMany(at => Read(new Maker(_ => false, (_, group) => group == at).Record(typeof(T), "")).Keys)
        .Distinct().Order(StringComparer.Ordinal);

    /// <summary>What of the one value is not in the other, a sentence for each field.</summary>
    public static IEnumerable<string> Lost(object expected, object actual)
    {
        var there = Read(actual);
        return Read(expected).Where(f => there.GetValueOrDefault(f.Key) != f.Value)
            .Select(f => $"{f.Key} should be {f.Value} and is {there.GetValueOrDefault(f.Key, "not there")}");
    }

    private static SortedDictionary<string, string> Read(object value)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Read(value, "", found);
        return found;
    }

    private static void Read(object? value, string path, SortedDictionary<string, string> found)
    {
        if (value is null) return;
        if (Choices(value.GetType(), "", 0) is not null) found.Add(path, Convert.ToString(value, CultureInfo.InvariantCulture)!);
        else if (ElementOf(value.GetType()) is not null)
            foreach (var (at, item) in ((IEnumerable<object>)value).Index()) Read(item, $"{path}[{at}]", found);
        else
            foreach (var field in Fields(value.GetType())) Read(field.GetValue(value), Below(path, field), found);
    }

    /// <summary>Two values or more for a field, distinct from others' by a number; none for what has fields of its own.</summary>
    private static object[]? Choices(Type type, string name, int number) =>
        name == "target" ? [$"/data-{number}", $"/other-{number}"]
        : Fitting.TryGetValue(name, out var fitting) && type.IsInstanceOfType(fitting[0]) ? fitting
        : type == typeof(bool) ? [true, false]
        : type.IsEnum ? [.. Enum.GetValues(type)]
        : Of(type, number) is { } one && Of(type, number + 50) is { } other ? [one, other]
        : null;

    private static object? Of(Type type, int number) =>
        type == typeof(string) ? $"text-{number}"
        : type == typeof(int) ? number
        : type == typeof(double) ? number / 1000.0
        : type == typeof(TimeSpan) ? TimeSpan.FromSeconds(number)
        : type == typeof(ByteSize) ? ByteSize.Mi(number)
        : type == typeof(ValueMap) ? ValueMap.Of(($"key-{number}", $"text-{number}"))
        : null;

    private static IEnumerable<PropertyInfo> Fields(Type type) => type.GetProperties().Where(p => p.CanWrite);

    private static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>) ? type.GetGenericArguments()[0] : null;

    private static string Name(PropertyInfo field) => JsonNamingPolicy.CamelCase.ConvertName(field.Name);

    private static string Below(string path, PropertyInfo field) => path.Length == 0 ? Name(field) : $"{path}.{Name(field)}";

    private sealed class Maker(Func<string, bool> other, Func<string, int, bool> isChosen)
    {
        private int number = 1;

        public object Record(Type type, string path)
        {
            if (type.GetConstructors() is not [var make] || type.Namespace!.StartsWith(nameof(System), StringComparison.Ordinal))
                throw new NotSupportedException($"{path} is of a new type: say in {nameof(EveryField)} which values a {type} can have");
            var made = make.Invoke([.. make.GetParameters().Select(p => p.HasDefaultValue ? p.DefaultValue : null)]);
            var left = Left(type, path);
            foreach (var field in Fields(type).Where(it => !left.Contains(Name(it))))
                field.SetValue(made, Value(field.PropertyType, Below(path, field), field.GetValue(made)));
            return made;
        }

        /// <summary>The fields that stay as they are, because they do not go together with those that are there.</summary>
        private string[] Left(Type type, string path)
        {
            if (!Apart.TryGetValue(type.Name, out var groups)) return [];
            var chosen = groups.Where((group, at) => group.Any(name => isChosen($"{path}.{name}", at))).FirstOrDefault(groups[0]);
            return [.. groups.SelectMany(it => it).Except(chosen)];
        }

        private object Value(Type wanted, string path, object? byDefault)
        {
            var type = Nullable.GetUnderlyingType(wanted) ?? wanted;
            if (Choices(type, path.Split('.')[^1], ++number) is { } choices)
                return choices.OrderBy(c => c.Equals(byDefault)).ElementAt(other(path) ? 1 : 0);
            return ElementOf(type) is { } element ? ListOf(element, Value(element, $"{path}[0]", null)) : Record(type, path);
        }

        private static object ListOf(Type element, object item) =>
            typeof(Maker).GetMethod(nameof(One), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(element).Invoke(null, [item])!;

        private static ValueList<T> One<T>(T item) => [item];
    }
}
