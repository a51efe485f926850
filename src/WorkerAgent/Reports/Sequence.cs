using System.Globalization;
using System.Text;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Reports;

/// <summary>Numbers that only grow, also over restarts and when the clock is set back: milliseconds since 1970 and a counter behind them.</summary>
internal sealed class Sequence
{
    private const int CounterBits = 20;
    private const long Block = 60_000L << CounterBits;

    private readonly Lock gate = new();
    private readonly string path;
    private readonly TimeProvider clock;
    private long last;
    private long reserved;

    public Sequence(DataFolder folder, TimeProvider clock)
    {
        this.clock = clock;
        path = folder.In("sequence");
        if (DurableFile.Read(path) is { } content && long.TryParse(Encoding.ASCII.GetString(content), CultureInfo.InvariantCulture, out var mark)) last = reserved = mark;
    }

    public long Next()
    {
        lock (gate)
        {
            last = Math.Max(last + 1, clock.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits);
            if (last > reserved)
            {
                // What is on disk is above everything handed out; a restart begins there.
                DurableFile.Write(path, Encoding.ASCII.GetBytes((last + Block).ToString(CultureInfo.InvariantCulture)));
                reserved = last + Block;
            }

            return last;
        }
    }
}
