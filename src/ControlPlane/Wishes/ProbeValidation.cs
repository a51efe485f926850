using System.Text.RegularExpressions;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>What can be wrong with a probe.</summary>
internal static partial class ProbeValidation
{
    public static void Look(string field, HealthProbe probe, ContainerSpec container, Findings found)
    {
        OneWay(field, probe, found);
        if (probe.Http is { } http) Http($"{field}.http", http, found);
        if (probe.Http is not null) Port($"{field}.http", probe.Http.Port, container, found);
        if (probe.Tcp is not null) Port($"{field}.tcp", probe.Tcp.Port, container, found);
        found.Most($"{field}.command", probe.Command.Count);
        foreach (var (at, word) in probe.Command.Index()) found.Text($"{field}.command[{at}]", word);
        if (probe.Command is [null or "", ..]) found.Add($"{field}.command[0]", "is empty: it is the program to run");
        found.Range($"{field}.interval", probe.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        found.Range($"{field}.timeout", probe.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        found.Range($"{field}.retries", probe.Retries, 1, 100);
        found.Range($"{field}.startPeriod", probe.StartPeriod, TimeSpan.Zero, TimeSpan.FromHours(1));
        found.Range($"{field}.startInterval", probe.StartInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    }

    private static void OneWay(string field, HealthProbe probe, Findings found)
    {
        string[] ways = [.. Given("http", probe.Http is not null), .. Given("tcp", probe.Tcp is not null),
            .. Given("command", probe.Command.Count > 0), .. Given("none", probe.None)];
        if (ways.Length == 0) found.Add(field, "says http, tcp, command or none");
        if (ways.Length > 1) found.Add(field, $"says {string.Join(" and ", ways)}, and only one can be; null takes one away");
        if (field == "readiness" && probe.None) found.Add("readiness.none", "is for health; without readiness, health alone decides");
    }

    private static string[] Given(string way, bool isGiven) => isGiven ? [way] : [];

    private static void Port(string field, int? port, ContainerSpec container, Findings found)
    {
        if (port is { } given) found.Range($"{field}.port", given, 1, 65_535);
        else if (!container.Ports.Any(it => it.Protocol == PortProtocol.Tcp))
            found.Add($"{field}.port", "is required where the service has no TCP port among its ports");
        if (container.NetworkMode == "none") found.Add(field, "cannot be reached with networkMode none");
    }

    private static void Http(string field, HttpProbe http, Findings found)
    {
        found.Shape($"{field}.path", http.Path, PathAndQuery(), "is a path from /, with ? and a query perhaps, and no blanks");
        if (http.Status is null || !Statuses().IsMatch(http.Status) || http.Status.Split(',').Any(IsBackwards))
            found.Add($"{field}.status", "is a list of numbers and ranges from 100 to 599, such as 200-299,304");
        found.Each($"{field}.headers", http.Headers, (name, value) =>
            !HeaderName().IsMatch(name) ? "is not the name of a header"
            : name.StartsWith("content-", StringComparison.OrdinalIgnoreCase) ? "describes a body, and a probe sends none"
            : value.Any(char.IsControl) ? "has a control character in it"
            : null);
    }

    private static bool IsBackwards(string range) => range.Split('-') is [var first, var last] && string.CompareOrdinal(first, last) > 0;

    [GeneratedRegex(@"^/[!-~]{0,2000}\z")]
    private static partial Regex PathAndQuery();

    [GeneratedRegex(@"^(?=.{1,100}\z)[1-5][0-9]{2}(-[1-5][0-9]{2})?(,[1-5][0-9]{2}(-[1-5][0-9]{2})?)*\z")]
    private static partial Regex Statuses();

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\z")]
    private static partial Regex HeaderName();
}
