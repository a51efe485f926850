using Orchestrator.Compose.Loading;
using Orchestrator.Compose.Nodes;
using Orchestrator.Compose.Questions;

namespace Orchestrator.Compose.Translation;

/// <summary>What the translation of each service looks at.</summary>
/// <param name="Enabled">The services that the profiles leave, in their order.</param>
/// <param name="Declared">Volumes, networks, secrets and configs, as they are declared.</param>
internal sealed record Translating(
    Project Project, Names Names, MapNode Enabled, Declarations Declared, ISurroundings Surroundings, Notes Notes)
{
    public bool Has(string service) => Enabled[service] is not null;

    /// <summary>Why there is no such service to refer to.</summary>
    public string WhyNot(string service) => Project.Section("services")[service] is null ? $"there is no service {service}"
        : $"service {service} is not enabled: none of its profiles is active";
}
