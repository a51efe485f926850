using System.Text.Json;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>What a change of the wish means for what runs.</summary>
internal static class SpecChange
{
    /// <summary>True when the containers differ: then a new revision replaces them; otherwise nothing that runs is touched.</summary>
    public static bool NeedsNewContainers(ServiceSpec from, ServiceSpec to) => ContainerSpec.Of(from) != ContainerSpec.Of(to);

    /// <summary>The wish with the containers of another revision: how many run, where and how they are updated stays.</summary>
    public static ServiceSpec WithContainerOf(ServiceSpec spec, ServiceSpec other) => spec with
    {
        Image = other.Image,
        Ports = other.Ports,
        Command = other.Command,
        Env = other.Env,
        Volumes = other.Volumes,
        Resources = other.Resources,
        Health = other.Health,
        StopSignal = other.StopSignal,
        StopGrace = other.StopGrace,
        OnLeaseLost = other.OnLeaseLost,
    };

    /// <summary>What differs, in words: <c>image nginx:1.26 to nginx:1.27, env</c>.</summary>
    public static string Words(ServiceSpec from, ServiceSpec to)
    {
        List<string> words = [];
        if (from.Image != to.Image) words.Add($"image {from.Image} to {to.Image}");
        if (from.Instances != to.Instances) words.Add($"instances {from.Instances} to {to.Instances}");
        foreach (var property in typeof(ServiceSpec).GetProperties())
        {
            if (property.Name is nameof(ServiceSpec.Image) or nameof(ServiceSpec.Instances)) continue;
            if (!Equals(property.GetValue(from), property.GetValue(to))) words.Add(JsonNamingPolicy.CamelCase.ConvertName(property.Name));
        }

        return string.Join(", ", words);
    }
}
