using System.Globalization;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>What an engine says of a pull: how far it is with one layer of the image.</summary>
/// <param name="Layer">Short id.</param>
/// <param name="Status">The engine's words: Downloading, Extracting…</param>
/// <param name="Current">Bytes of the layer that have come, while it says Downloading.</param>
/// <param name="Total">Bytes of the layer; none when the engine does not know.</param>
internal sealed record PullStep(string Layer, string Status, long? Current = null, long? Total = null);

/// <summary>How a pull gets on: put together of its layers, and whether anything comes at all.</summary>
internal sealed class PullCourse(TimeProvider clock) : IProgress<PullStep>
{
    private const double Mega = 1e6;

    /// <summary>The speed is that of so long at least.</summary>
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Current, long Total)> layers = new(StringComparer.Ordinal);
    private PullStep? last;
    private long heardAt = clock.GetTimestamp();
    private (long At, long Bytes) measuredFrom = (clock.GetTimestamp(), 0);
    private double speed;

    /// <summary>Time since anything has changed.</summary>
    public TimeSpan Silence
    {
        get
        {
            lock (gate) return clock.GetElapsedTime(heardAt);
        }
    }

    /// <summary><c>34 of 120 MB, 12 MB/s</c>; none before anything has come.</summary>
    public string? Words
    {
        get
        {
            lock (gate)
            {
                var (come, total) = (layers.Values.Sum(it => it.Current), layers.Values.Sum(it => it.Total));
                if (total == 0) return null;
                var took = clock.GetElapsedTime(measuredFrom.At);
                if (took >= Measured)
                {
                    speed = (come - measuredFrom.Bytes) / took.TotalSeconds;
                    measuredFrom = (clock.GetTimestamp(), come);
                }

                return come == total ? string.Create(CultureInfo.InvariantCulture, $"{total / Mega:0.#} MB have come, unpacking")
                    : string.Create(CultureInfo.InvariantCulture, $"{come / Mega:0.#} of {total / Mega:0.#} MB, {speed / Mega:0.#} MB/s");
            }
        }
    }

    public void Report(PullStep value)
    {
        lock (gate)
        {
            if (value == last) return;
            (last, heardAt) = (value, clock.GetTimestamp());
            if (value is { Status: "Downloading", Current: { } current })
                layers[value.Layer] = (current, Math.Max(current, value.Total ?? 0));
            // What follows the download works on what has come.
            else if (value.Status is "Verifying Checksum" or "Download complete" or "Extracting" or "Pull complete"
                && layers.TryGetValue(value.Layer, out var known)) layers[value.Layer] = (known.Total, known.Total);
        }
    }
}
