using System.Text;

namespace Conformance.Promises;

/// <summary>The README's table is written from the tests themselves, so it cannot promise what no test holds.</summary>
public sealed class PromiseTests
{
    private const string Begin = "<!-- promises -->", End = "<!-- /promises -->";

    [Fact]
    public void Every_item_of_the_checklist_is_held_by_a_test()
    {
        var held = Promise.All.Select(promise => promise.Section).ToHashSet();
        var missing = Checklist.Items.Select((item, i) => (Section: $"10.{i + 1}", item)).Where(item => !held.Contains(item.Section))
            .ToList();
        Assert.Empty(missing);
    }

    /// <summary>Set DAPR_CONFORMANCE_WRITE to the path of README.md to have the table written anew.</summary>
    [Fact]
    public void The_readme_lists_every_promise_and_the_tests_that_hold_it()
    {
        if (Environment.GetEnvironmentVariable("DAPR_CONFORMANCE_WRITE") is { Length: > 0 } readme)
            File.WriteAllText(readme, WithTable(File.ReadAllText(readme)));
        var text = File.ReadAllText(
            Environment.GetEnvironmentVariable("DAPR_CONFORMANCE_WRITE") ?? Path.Combine(AppContext.BaseDirectory, "README.md"));
        Assert.Equal(WithTable(text), text);
    }

    private static string WithTable(string readme)
    {
        var (begin, end) = (readme.IndexOf(Begin, StringComparison.Ordinal), readme.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, $"README.md has no {Begin} … {End}");
        return readme[..begin] + Begin + "\n" + Table() + readme[end..];
    }

    private static string Table()
    {
        var table = new StringBuilder("| § | promise | held by |\n|---|---|---|\n");
        foreach (var promise in Promise.All)
            table.Append(null,
                $"| {promise.Section} | {promise.Text.Replace("|", "\\|", StringComparison.Ordinal)} | {string.Join("<br>", promise.Tests.Select(test => $"`{test}`"))} |\n");
        return table.ToString();
    }
}
