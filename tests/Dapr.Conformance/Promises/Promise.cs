using System.Reflection;

namespace Conformance.Promises;

/// <summary>One promise of Dapr's contract and the tests that hold it.</summary>
public sealed record Promise(string Section, string Text, IReadOnlyList<string> Tests)
{
    /// <summary>All promises that tests of this assembly name, in the order of the contract.</summary>
    public static IReadOnlyList<Promise> All { get; } =
    [
        .. typeof(Promise).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods()
                .SelectMany(method => method.GetCustomAttributes<HoldsAttribute>().Select(holds => (holds, Test: Name(type, method)))))
            .GroupBy(held => (held.holds.Section, held.holds.Promise))
            .Select(held => new Promise(
                held.Key.Section, held.Key.Promise, [.. held.Select(one => one.Test).Distinct().Order(StringComparer.Ordinal)]))
            .OrderBy(promise => Version.Parse(promise.Section.Contains('.') ? promise.Section : promise.Section + ".0"))
            .ThenBy(promise => promise.Text, StringComparer.Ordinal),
    ];

    private static string Name(Type type, MethodInfo method) => $"{type.Name}.{method.Name}";
}
