using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary><c>healthcheck</c>, with the defaults that it has in an image.</summary>
internal static class HealthFields
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    public static HealthProbe? Of(Section check)
    {
        var isDisabled = check.Flag("disable") == true;
        var command = Command(check, out var isNone);
        var probe = new HealthProbe
        {
            Command = command ?? [],
            Interval = AtLeast(check, "interval") ?? TimeSpan.FromSeconds(30),
            Timeout = Positive(check.Duration("timeout")) ?? TimeSpan.FromSeconds(30),
            Retries = check.Number("retries", 0) is > 0 and var retries ? retries : 3,
            StartPeriod = check.Duration("start_period") ?? TimeSpan.Zero,
            StartInterval = AtLeast(check, "start_interval") ?? TimeSpan.FromSeconds(5),
        };
        check.End();
        if (isDisabled || isNone) return new() { None = true };
        if (command is not null) return probe;
        foreach (var name in new[] { "interval", "timeout", "retries", "start_period", "start_interval" })
        {
            if (check.Take(name) is not null) check.Note(name, "counts only beside test: the image's own check is kept as it is");
        }

        return null;
    }

    private static ValueList<string>? Command(Section check, out bool isNone)
    {
        isNone = false;
        switch (check.Take("test"))
        {
            // What is empty leaves the image's own.
            case null or ScalarNode { Text: "" } or ListNode { Items.Count: 0 }:
                return null;
            case ScalarNode text:
                return Shell(text.Text);
            default:
                var words = check.Texts("test");
                isNone = words is ["NONE", ..];
                if (words is ["CMD", _, ..]) return words.Skip(1).ToValueList();
                if (words is ["CMD-SHELL", var line]) return Shell(line);
                if (!isNone) check.Wrong("test", "begins with NONE, CMD and a program, or CMD-SHELL and one line");
                return isNone ? null : [];
        }
    }

    private static ValueList<string> Shell(string line) => ["/bin/sh", "-c", line];

    private static TimeSpan? AtLeast(Section check, string name)
    {
        if (Positive(check.Duration(name)) is not { } pause || pause >= Least) return Positive(check.Duration(name));
        check.Note(name, "is a second at least");
        return Least;
    }

    /// <summary>Nothing is the default.</summary>
    private static TimeSpan? Positive(TimeSpan? duration) => duration > TimeSpan.Zero ? duration : null;
}
