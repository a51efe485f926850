using System.CommandLine;
using Orchestrator.Client.Services;

namespace Orchestrator.Cli.Orders;

/// <summary>What can be said of every change of a service.</summary>
internal sealed class ChangeOptions
{
    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Only show the steps with their reasons" };

    public Option<string?> Why { get; } = new("--why") { Description = "For the history", HelpName = "words" };

    public Option<bool> Wait { get; } = new("--wait") { Description = "Wait until it is as wished" };

    public DurationOption Timeout { get; } = new("--timeout", "With --wait: for so long at most", TimeSpan.FromMinutes(5));

    public Option[] All => [DryRun, Why, Wait, Timeout];

    public ChangeTerms Terms(Session session) => new() { Why = session.Get(Why) };
}
