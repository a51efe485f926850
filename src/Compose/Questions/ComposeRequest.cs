using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Questions;

/// <summary>Which compose files are wanted as a stack, and how.</summary>
public sealed record ComposeRequest
{
    /// <summary>What is looked for when no file is named; the first that is there.</summary>
    public static ValueList<string> DefaultFiles { get; } = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

    /// <summary>Paths of the files, each later one merged over those before it; none looks for <see cref="DefaultFiles"/>.</summary>
    public ValueList<string> Files { get; init; } = [];

    /// <summary>Name of the project; none takes COMPOSE_PROJECT_NAME, what the files say, or the name of the folder.</summary>
    public string? Name { get; init; }

    /// <summary>Profiles that are active; <c>*</c> is all of them.</summary>
    public ValueList<string> Profiles { get; init; } = [];

    /// <summary>Files with variables in place of <c>.env</c> in the project's folder; a later one goes before an earlier one.</summary>
    public ValueList<string> EnvFiles { get; init; } = [];

    /// <summary>The absolute path that relative ones begin at.</summary>
    public string Folder { get; init; } = "/";

    /// <summary>What cannot be done as it is written is a problem.</summary>
    public bool Strict { get; init; }
}
