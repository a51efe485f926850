using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Orchestrator.Testing;

/// <summary>Listens to the instruments of one meter and keeps what they record, as short sentences.</summary>
public sealed class Figures : IDisposable, IMeterFactory
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentQueue<string> recorded = [];
    private readonly List<Meter> meters = [];

    public Figures()
    {
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Meter.Scope == this) it.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
    }

    /// <summary>One for each record, in order: <c>orchestrator.orders (kind: run, outcome: accepted) 1 {order}</c>.</summary>
    public IReadOnlyList<string> Recorded => [.. recorded];

    /// <summary>Asks the instruments that only tell when they are asked.</summary>
    public void Ask() => listener.RecordObservableInstruments();

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        listener.Dispose();
        meters.ForEach(meter => meter.Dispose());
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var words = string.Join(", ", tags.ToArray().Select(tag => $"{tag.Key}: {tag.Value}"));
        recorded.Enqueue($"{instrument.Name}{(words.Length == 0 ? "" : $" ({words})")} {value} {instrument.Unit}");
    }
}
