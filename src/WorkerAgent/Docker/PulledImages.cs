using System.Text.Json;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>
/// Which images this worker has pulled, and which services it has had instances of: only what was pulled here may be removed here, and only
/// when none of these services needs it. Outlives the agent.
/// </summary>
internal sealed class PulledImages
{
    private const string File = "images";
    private const int Most = 1000;

    private readonly Lock gate = new();
    private readonly IStorage storage;
    private readonly List<string> images;
    private readonly SortedSet<string> services;

    public PulledImages(IStorage storage)
    {
        this.storage = storage;
        var kept = Read(storage);
        (images, services) = ([.. kept.Images], new(kept.Services, StringComparer.Ordinal));
    }

    /// <summary>References as they were pulled, the one that was pulled longest ago first.</summary>
    public IReadOnlyList<string> Images
    {
        get { lock (gate) return [.. images]; }
    }

    public IReadOnlyList<string> Services
    {
        get { lock (gate) return [.. services]; }
    }

    /// <param name="service">For which it was pulled; empty when for none.</param>
    public void Pulled(string image, string service) => Change(() =>
    {
        images.Remove(image);
        images.Add(image);
        // Whatever falls out is never removed by us.
        if (images.Count > Most) images.RemoveAt(0);
        if (service.Length > 0) services.Add(service);
        return true;
    });

    public void Runs(string service) => Change(() => services.Add(service));

    public void Removed(string image) => Change(() => images.Remove(image));

    /// <summary>Nothing is known of the service any more.</summary>
    public void Gone(string service) => Change(() => services.Remove(service));

    private void Change(Func<bool> change)
    {
        lock (gate)
        {
            if (!change()) return;
            try
            {
                storage.Write(File, JsonSerializer.SerializeToUtf8Bytes(new Kept([.. images], [.. services])));
            }
            catch (IOException)
            {
                // What is not written is not removed after a restart, no more.
            }
        }
    }

    private static Kept Read(IStorage storage)
    {
        try
        {
            return storage.Read(File) is { } content ? JsonSerializer.Deserialize<Kept>(content) ?? new([], []) : new([], []);
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            return new([], []);
        }
    }

    private sealed record Kept(string[] Images, string[] Services);
}
