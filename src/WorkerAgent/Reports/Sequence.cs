using System.Globalization;
using System.Text;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Reports;

/// <summary>
/// Numbers that only grow, also over restarts and when the clock is set back: milliseconds since 1970 and a counter behind them.
/// </summary>
internal sealed class Sequence
{
    private const string Name = "sequence";
    private const int CounterBits = 20;

    /// <summary>A mark further ahead than this was not made by a clock.</summary>
    private const long FarAhead = 10L * 365 * 24 * 3_600_000 << CounterBits;
    private const long Block = 60_000L << CounterBits;

    private readonly Lock gate = new();
    private readonly IStorage storage;
    private readonly TimeProvider clock;
    private long last;
    private long reserved;

    public Sequence(IStorage storage, TimeProvider clock)
    {
        (this.storage, this.clock) = (storage, clock);
        if (storage.Read(Name) is not { } content) return;
        var isNumber = long.TryParse(Encoding.ASCII.GetString(content), NumberStyles.None, CultureInfo.InvariantCulture, out var mark);
        if (isNumber && mark < Clock + FarAhead) last = reserved = mark;
    }

    private long Clock => clock.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits;

    public long Next()
    {
        lock (gate)
        {
            last = Math.Max(last + 1, Clock);
            if (last > reserved) Reserve();
            return last;
        }
    }

    /// <summary>What is on disk is above everything handed out; a restart begins there.</summary>
    private void Reserve()
    {
        try
        {
            storage.Write(Name, Encoding.ASCII.GetBytes((last + Block).ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk must not cost the lease: the clock alone makes the numbers grow over a restart, unless it is set back meanwhile.
        }

        reserved = last + Block;
    }
}
