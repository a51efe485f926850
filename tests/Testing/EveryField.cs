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
        ["mode"] = ["0400", "0440"],
        ["weight"] = [30, 70],
    };

    /// <summary>A value in which no field has its default.</summary>
    /// <param name="other">Tells by path, such as <c>ports[0].host</c>, which fields take their other value instead.</param>
    public static T Make<T>(Func<string, bool>? other = null) => (T)new Maker(other ?? (_ => false)).Record(typeof(T), "");

    /// <summary>The fields of the type itself, as JSON names them.</summary>
    public static IEnumerable<string> Names<T>() => Fields(typeof(T)).Select(Name);

    /// <summary>The fields at every depth: <c>image</c>, <c>ports[0].host</c>.</summary>
    public static IEnumerable<string> Paths<T>() where T : notnull => Read(Make<T>()).Keys;

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
        : Fitting.TryGetValue(name, out var fitting) && fitting[0].GetType() == type ? fitting
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

    private sealed class Maker(Func<string, bool> other)
    {
        private int number = 1;

        public object Record(Type type, string path)
        {
            if (type.GetConstructors() is not [var make] || type.Namespace!.StartsWith(nameof(System), StringComparison.Ordinal))
                throw new NotSupportedException($"{path} is of a new type: say in {nameof(EveryField)} which values a {type} can have");
            var made = make.Invoke([.. make.GetParameters().Select(p => p.HasDefaultValue ? p.DefaultValue : null)]);
            foreach (var field in Fields(type)) field.SetValue(made, Value(field.PropertyType, Below(path, field), field.GetValue(made)));
            return made;
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
