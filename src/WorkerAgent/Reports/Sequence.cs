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
        if (long.TryParse(Encoding.ASCII.GetString(content), CultureInfo.InvariantCulture, out var mark)) last = reserved = mark;
    }

    public long Next()
    {
        lock (gate)
        {
            last = Math.Max(last + 1, clock.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits);
            if (last > reserved)
            {
                // What is on disk is above everything handed out; a restart begins there.
                storage.Write(Name, Encoding.ASCII.GetBytes((last + Block).ToString(CultureInfo.InvariantCulture)));
                reserved = last + Block;
            }

            return last;
        }
    }
}
