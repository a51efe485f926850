using System.Globalization;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Compose.Translation;

/// <summary><c>deploy.restart_policy</c>, or else <c>restart</c>; without either, a service is kept running as any other.</summary>
internal static class RestartFields
{
    /// <summary>Where no time is said, failures count as long as they can.</summary>
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(24);

    public static RestartPolicy Of(Section service, Section policy)
    {
        var simple = Simple(service);
        return policy.IsEmpty ? simple : Deployed(policy);
    }

    private static RestartPolicy Simple(Section service)
    {
        var word = service.Text("restart");
        switch (word?.Split(':', 2))
        {
            case null or ["always"] or ["unless-stopped"]:
                return new();
            case ["no"] or ["false"]:
                return new() { Condition = RestartCondition.Never };
            case ["on-failure"]:
                return new() { Condition = RestartCondition.OnFailure };
            case ["on-failure", var most] when int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var attempts):
                return Bounded(new() { Condition = RestartCondition.OnFailure }, attempts, null);
            default:
                service.Wrong("restart", $"is no, always, unless-stopped, on-failure or on-failure:N, not '{word}'");
                return new();
        }
    }

    private static RestartPolicy Deployed(Section policy)
    {
        var condition = policy.Text("condition");
        var (delay, window) = (policy.Duration("delay"), policy.Duration("window"));
        var attempts = policy.Number("max_attempts", 0);
        policy.End();
        if (condition is not (null or "none" or "on-failure" or "any")) policy.Wrong("condition", "is none, on-failure or any");
        var restart = new RestartPolicy
        {
            Condition = condition switch
            {
                "none" => RestartCondition.Never,
                "on-failure" => RestartCondition.OnFailure,
                _ => RestartCondition.Always,
            },
        };
        // The pause that is asked for, and no longer one.
        if (delay is { } pause) restart = restart with { Delay = pause, MaxDelay = pause };
        return Bounded(restart, attempts ?? 0, window);
    }

    /// <param name="restarts">So often it is started again; it has failed once more when it is given up.</param>
    private static RestartPolicy Bounded(RestartPolicy restart, int restarts, TimeSpan? window) => restarts == 0 ? restart
        : restart with { Attempts = restarts + 1, Window = window > TimeSpan.Zero ? window.Value : LongestWindow };
}
