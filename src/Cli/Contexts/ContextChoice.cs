using Orchestrator.Cli.Suggestions;

namespace Orchestrator.Cli.Contexts;

/// <summary>Which cluster is meant: by what is written on the command line, in the environment, or chosen before; in this order.</summary>
internal static class ContextChoice
{
    private const string Usual = "http://localhost:5000";

    /// <summary>Asked where nothing is said.</summary>
    public static string Default(Func<string, string?> variable) => variable("ORCHESTRATOR_DEFAULT_SERVER") ?? Usual;

    public static Context Of(
        string? server, string? token, string? context, Func<string, string?> variable, Func<Contexts> contexts)
    {
        var named = context ?? variable("ORCHESTRATOR_CONTEXT");
        var byServer = server ?? (context is null ? variable("ORCHESTRATOR_SERVER") : null);
        var byToken = token ?? variable("ORCHESTRATOR_TOKEN");
        if (byServer is not null) return new(byServer, byToken);
        var all = contexts();
        if ((named ?? all.Current) is not { } name) return new(Default(variable), byToken);
        return all.All.TryGetValue(name, out var it) ? it with { Token = byToken ?? it.Token } : throw Unknown(name, all);
    }

    public static CliException Unknown(string name, Contexts all) => new(
        ExitCodes.NotFound, $"there is no context '{name}'{Nearest.DidYouMean(name, all.All.Keys)}",
        all.All.Count == 0 ? "orc context add NAME --server ADDRESS makes one" : $"there are {string.Join(", ", all.All.Keys)}");
}
