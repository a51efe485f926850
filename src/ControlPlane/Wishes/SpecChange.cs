using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>What a change of the wish means for what runs.</summary>
internal static class SpecChange
{
    /// <summary>True when the containers differ: then a new revision replaces them; otherwise nothing that runs is touched.</summary>
    public static bool NeedsNewContainers(ServiceSpec from, ServiceSpec to) => from.Container != to.Container;

    /// <summary>What differs, in words: <c>image nginx:1.26 to nginx:1.27, env</c>.</summary>
    public static string Words(ServiceSpec from, ServiceSpec to)
    {
        List<string> words = [];
        if (from.Container.Image != to.Container.Image) words.Add($"image {from.Container.Image} to {to.Container.Image}");
        if (from.Instances != to.Instances) words.Add($"instances {from.Instances} to {to.Instances}");
        words.AddRange(SpecFields.Differing(from, to).Except(["image", "instances"]));
        return string.Join(", ", words);
    }
}
