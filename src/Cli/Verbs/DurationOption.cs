using System.CommandLine;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Verbs;

/// <summary>A duration such as <c>90s</c>.</summary>
internal sealed class DurationOption : Option<TimeSpan>
{
    public DurationOption(string name, string description, TimeSpan usual)
        : base(name)
    {
        (Description, HelpName, Usual) = ($"{description}; {Durations.Format(usual)} by default", "duration", usual);
        CustomParser = it => Durations.TryParse(it.Tokens[0].Value, out var duration) ? duration
            : Shell.Wrong(it, $"{name} is a duration such as 90s or 5m, not '{it.Tokens[0].Value}'", usual);
    }

    /// <summary>What is meant where nothing is said.</summary>
    public TimeSpan Usual { get; }
}
