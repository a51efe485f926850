using System.ComponentModel.DataAnnotations;

namespace Orchestrator.WorkerAgent.Settings;

/// <summary>The few settings of an agent that its guard needs, from the same environment variables.</summary>
/// <param name="WhileNeeded">It ends when its agent is gone and nothing is left to guard; else it stays.</param>
internal sealed record GuardOptions(string Folder, string DockerHost, bool WhileNeeded)
{
    public const string Verb = "guard";
    public const string WhileNeededFlag = "--while-needed";

    /// <exception cref="ValidationException">A setting or an argument is wrong; the message names it.</exception>
    public static GuardOptions Read(string[] arguments, Func<string, string?> variable)
    {
        var unknown = arguments.Skip(1).FirstOrDefault(argument => argument != WhileNeededFlag);
        if (unknown is not null) throw new ValidationException($"guard does not know '{unknown}'; it takes {WhileNeededFlag} or nothing.");
        var agent = new WorkerAgentOptions { Name = variable("APP_ID") ?? "", Port = 1 };
        if (variable("DATA_FOLDER") is { Length: > 0 } folder) agent = agent with { DataFolder = folder };
        if (variable("DOCKER_HOST") is { Length: > 0 } host) agent = agent with { DockerHost = host };
        List<ValidationResult> problems = [];
        return Validator.TryValidateObject(agent, new ValidationContext(agent), problems, validateAllProperties: true)
            ? new(Path.GetFullPath(agent.OwnFolder), agent.DockerHost, arguments.Contains(WhileNeededFlag))
            : throw new ValidationException(string.Join(" ", problems.Select(p => p.ErrorMessage)));
    }

    /// <summary>The environment of a guard of this agent.</summary>
    public static IEnumerable<(string Name, string Value)> EnvironmentOf(WorkerAgentOptions agent) =>
        [("APP_ID", agent.Name), ("DATA_FOLDER", Path.GetFullPath(agent.DataFolder)), ("DOCKER_HOST", agent.DockerHost)];
}
