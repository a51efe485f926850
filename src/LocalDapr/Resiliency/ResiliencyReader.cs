using System.Globalization;
using System.Text.RegularExpressions;
using LocalDapr.Components;
using LocalDapr.Scheduling;

namespace LocalDapr.Resiliency;

/// <summary>
/// Reads documents of kind Resiliency. A target that names an unknown policy, or a policy that cannot be followed, is refused.
/// </summary>
internal sealed partial class ResiliencyReader(ILogger log)
{
    /// <exception cref="ResourceException">A document cannot be followed.</exception>
    public ResiliencySpec Read(IEnumerable<Document> documents)
    {
        Dictionary<string, ResiliencyTarget> apps = [], actors = [], inbound = [];
        foreach (var (file, yaml) in documents)
        {
            var policies = yaml["spec"]["policies"];
            var targets = yaml["spec"]["targets"];
            foreach (var (name, target) in targets["apps"].Fields) apps[name] = Target(file, policies, target);
            foreach (var (name, target) in targets["actors"].Fields) actors[name] = Target(file, policies, target);
            foreach (var (name, target) in targets["components"].Fields)
            {
                if (target["inbound"].Exists) inbound[name] = Target(file, policies, target["inbound"]);
                // Here they have nothing to act on; to name what is not there is a mistake all the same.
                if (target["outbound"].Exists) Target(file, policies, target["outbound"]);
            }

            if (yaml["scopes"].Texts.Count > 0) LogScopes(file);
        }

        return new() { Apps = apps, Actors = actors, Inbound = inbound };
    }

    private static ResiliencyTarget Target(string file, Yaml policies, Yaml target) => new(
        target["timeout"].Text is { } timeout ? Duration(file, timeout, policies["timeouts"][timeout].Text) : null,
        target["retry"].Text is { } retry ? Retry(file, retry, policies["retries"][retry]) : null,
        target["circuitBreaker"].Text is { } breaker ? Breaker(file, breaker, policies["circuitBreakers"][breaker]) : null,
        target["circuitBreakerScope"].Text is null or "id" or "both");

    private static RetryPolicy Retry(string file, string name, Yaml yaml)
    {
        if (!yaml.Exists) throw new ResourceException(file, $"there is no retry policy '{name}'");
        bool exponential = yaml["policy"].Text == "exponential";
        var usual = exponential ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(5);
        return new(
            yaml["maxRetries"].Text is { } most ? Number(file, most) : -1,
            yaml["duration"].Text is { } pause ? Duration(file, name, pause) : usual,
            exponential,
            yaml["maxInterval"].Text is { } longest ? Duration(file, name, longest) : null)
        {
            Codes = StatusCodes(file, yaml["matching"]["httpStatusCodes"].Text),
        };
    }

    private static BreakerOptions Breaker(string file, string name, Yaml yaml)
    {
        if (!yaml.Exists) throw new ResourceException(file, $"there is no circuit breaker '{name}'");
        string trip = yaml["trip"].Text ?? "consecutiveFailures > 5";
        var match = Trip().Match(trip);
        if (!match.Success)
            throw new ResourceException(file, $"circuit breaker '{name}': '{trip}' is not supported; consecutiveFailures > n is");
        int failures = Number(file, match.Groups[2].Value) + (match.Groups[1].Value == ">" ? 1 : 0);
        return new(
            Math.Max(1, failures),
            yaml["timeout"].Text is { } open ? Duration(file, name, open) : TimeSpan.FromSeconds(60),
            yaml["maxRequests"].Text is { } trials ? Math.Max(1, Number(file, trials)) : 1);
    }

    private static List<(int From, int To)>? StatusCodes(string file, string? text) => string.IsNullOrWhiteSpace(text)
        ? null
        : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(part => part.Split('-') switch
        {
            [var one] => (Number(file, one), Number(file, one)),
            [var from, var to] => (Number(file, from), Number(file, to)),
            _ => throw new ResourceException(file, $"'{part}' is no range of status codes"),
        })];

    private static TimeSpan Duration(string file, string name, string? text) => DaprTime.TryDuration(text, out var duration)
        ? duration : throw new ResourceException(file, $"policy '{name}': '{text}' is no duration");

    private static int Number(string file, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number : throw new ResourceException(file, $"'{text}' is no number");

    [GeneratedRegex(@"^\s*consecutiveFailures\s*(>=?)\s*(\d+)\s*$")]
    private static partial Regex Trip();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: scopes of a Resiliency are ignored, it holds for every app")]
    private partial void LogScopes(string file);
}
